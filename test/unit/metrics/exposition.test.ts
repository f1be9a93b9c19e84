import { createHook } from 'node:async_hooks';
import { gunzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createExposition } from '../../../src/metrics/exposition.js';
import { Views } from '../../../src/metrics/view.js';
import { collect } from '../../support/collect.js';
import { packOf } from '../../support/columns.js';
import { completeWith, snapshotOf, storeOf, VIEW_DEFAULTS } from '../../support/render.js';

const MINUTE = 60_000;

/** Counts the streams of zlib that are made while the test lasts. */
function countStreams(): () => number {
  let streams = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'ZLIB') streams++;
    },
  });
  hook.enable();
  onTestFinished(() => void hook.disable());
  return () => streams;
}

describe('what is prepared for the next scrape', () => {
  it('is what is asked for compressed, until nobody has for an hour', async () => {
    const store = storeOf([snapshotOf([packOf('Pack')])]);
    const views = new Views(store, VIEW_DEFAULTS);
    let now = 0;
    const { expose, prepare } = createExposition({
      views,
      registry: new Registry(),
      clock: () => now,
    });
    const streams = countStreams();
    const deflatedBy = async (act: () => Promise<unknown>) => {
      const before = streams();
      await act();
      return streams() - before;
    };
    const refreshAt = async (minutes: number) => {
      now = minutes * MINUTE;
      completeWith(store, snapshotOf([packOf('Pack')]));
      return deflatedBy(prepare);
    };
    expect(await refreshAt(0)).toBe(0);
    await collect(expose('text', 'gzip'));
    await collect(expose('openmetrics', 'gzip'));
    await collect(expose('text', 'identity'));
    expect(await refreshAt(1)).toBe(2);
    // Only what is new at each scrape is deflated then.
    expect(await deflatedBy(() => collect(expose('text', 'gzip')))).toBe(1);
    expect(await refreshAt(60)).toBe(2);
    expect(await refreshAt(61)).toBe(1);
    expect(await refreshAt(62)).toBe(0);
    // It is served as ever, if not at once.
    expect(await deflatedBy(() => collect(expose('openmetrics', 'gzip')))).toBe(2);
    expect(await refreshAt(63)).toBe(1);
  });
});

describe('what could not be compressed', () => {
  it('fails the scrape that it was for, and no other', async () => {
    const views = new Views(storeOf([snapshotOf([packOf('Pack')])]), VIEW_DEFAULTS);
    const { expose } = createExposition({ views, registry: new Registry(), clock: () => 0 });
    const view = await views.at(0);
    const { packs } = view;
    const failing = vi.fn(() => packs);
    failing.mockImplementationOnce(() => {
      throw new Error('no memory for a moment');
    });
    Object.defineProperty(view, 'packs', { get: failing });
    const scrape = () => collect(expose('text', 'gzip'));
    await expect(scrape()).rejects.toThrow('no memory for a moment');
    expect(gunzipSync(await scrape()).toString()).toContain('conformance_pack="Pack"');
  });
});
