import { describe, expect, it } from 'vitest';
import { renderStatic } from '../../../src/metrics/render.js';
import { AccountIds } from '../../../src/conformance/account-columns.js';
import { detailOf, packOf } from '../../support/columns.js';
import { parseExposition } from '../../support/parse-exposition.js';
import { renderAll, snapshotOf, storeOf, viewOf } from '../../support/render.js';

const id = (n: number) => String(n).padStart(12, '0');

describe('renderStatic', () => {
  it('renders in chunks of a bounded size that join to one valid exposition', async () => {
    const ids = new AccountIds();
    const reports = Array.from({ length: 3_000 }, (_, i) => ({
      accountId: id(i),
      status: i % 7 === 0 ? 'CREATE_FAILED' : 'CREATE_SUCCESSFUL',
      updatedAt: i,
    }));
    const packs = ['A', 'B', 'C'].map((name) =>
      packOf(name, { detail: detailOf(reports, 0, ids) }),
    );
    const store = storeOf([snapshotOf(packs)]);
    const view = await viewOf(store, { series: 'active', samplesLimit: 0 });
    const chunks: Buffer[] = [];
    for await (const chunk of renderAll(view, 'text')) chunks.push(Buffer.from(chunk));
    expect(chunks.length).toBeGreaterThan(5);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(256 * 1024);
    const exposition = parseExposition(Buffer.concat(chunks).toString());
    const samples = [...exposition.values()].flatMap((family) => family.samples);
    expect(samples).toHaveLength(view.samples);
    expect(samples.filter(({ name }) => name.endsWith('_account_status'))).toHaveLength(9_000);
  });

  it('leaves a chunk as it is until the next but one is asked for', async () => {
    const reports = Array.from({ length: 9_000 }, (_, i) => ({
      accountId: id(i),
      status: 'CREATE_SUCCESSFUL',
    }));
    const store = storeOf([snapshotOf([packOf('A', { detail: detailOf(reports) })])]);
    const view = await viewOf(store, { series: 'active', samplesLimit: 0 });
    let previous: { chunk: Buffer; copy: Buffer } | undefined;
    let chunks = 0;
    for await (const chunk of renderStatic(view, 'text')) {
      if (previous) expect(previous.chunk.equals(previous.copy)).toBe(true);
      previous = { chunk, copy: Buffer.from(chunk) };
      chunks++;
    }
    expect(chunks).toBeGreaterThan(4);
  });

  it('leaves the event loop to others between chunks', async () => {
    const reports = Array.from({ length: 20_000 }, (_, i) => ({
      accountId: id(i),
      status: 'CREATE_SUCCESSFUL',
    }));
    const store = storeOf([snapshotOf([packOf('A', { detail: detailOf(reports) })])]);
    const view = await viewOf(store, { series: 'active', samplesLimit: 0 });
    let chunks = 0;
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    for await (const chunk of renderStatic(view, 'text')) {
      expect(chunk.length).toBeGreaterThan(0);
      chunks++;
    }
    done = true;
    expect(turns).toBeGreaterThanOrEqual(chunks - 1);
  });

  it('escapes the labels of every family, and writes what lies beyond ASCII', async () => {
    const name = 'a"b\\c\nd–é😀';
    const pack = packOf(name, {
      rollUp: { status: 'NEU"E\\', updatedAt: 1, errorCode: 'other' },
      description: { arn: 'arn:"x"\n', excludedAccounts: [] },
      detail: detailOf([{ accountId: id(1), status: 'ODD\n"', updatedAt: 1 }]),
    });
    const store = storeOf([snapshotOf([pack])]);
    const view = await viewOf(store, { series: 'full' });
    const chunks: Buffer[] = [];
    for await (const chunk of renderAll(view, 'text')) chunks.push(Buffer.from(chunk));
    const exposition = parseExposition(Buffer.concat(chunks).toString());
    for (const family of exposition.values()) {
      for (const { labels } of family.samples) expect(labels['conformance_pack']).toBe(name);
    }
    const shown = exposition
      .get('aws_config_org_conformance_pack_account_status')
      ?.samples.find(({ value }) => value === 1);
    expect(shown?.labels['status']).toBe('ODD\n"');
  });
});
