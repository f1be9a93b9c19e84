import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createExposition } from '../../src/metrics/exposition.js';
import { Views } from '../../src/metrics/view.js';
import { serving } from '../support/app.js';
import { collect } from '../support/collect.js';
import { detailOf, packOf } from '../support/columns.js';
import { snapshotOf, storeOf, VIEW_DEFAULTS } from '../support/render.js';
import { NOTHING_KNOWN } from '../support/status.js';

/** Twenty packs with a thousand accounts each: some four megabytes, more than sockets hold back. */
function exposition() {
  const packs = Array.from({ length: 20 }, (_, pack) =>
    packOf(`Pack-${pack}`, {
      detail: detailOf(
        Array.from({ length: 1_000 }, (_, account) => ({
          accountId: String(account * 7).padStart(12, '0'),
          status: (account + pack) % 9 === 0 ? 'CREATE_FAILED' : 'CREATE_SUCCESSFUL',
          updatedAt: account * 1_234 + pack,
        })),
      ),
    }),
  );
  const views = new Views(storeOf([snapshotOf(packs)]), {
    ...VIEW_DEFAULTS,
    series: 'active',
    samplesLimit: 0,
  });
  const registry = new Registry();
  new Gauge({ name: 'own', help: 'One of our own.', registers: [registry] }).set(1);
  return createExposition({ views, registry, clock: () => 1e9 }).expose;
}

async function serve() {
  const render = exposition();
  const listener = await serving(NOTHING_KNOWN, { exposition: render });
  return { url: `${listener.url}/metrics`, whole: await collect(render('text', 'identity')) };
}

async function open(url: string, encoding: string): Promise<IncomingMessage> {
  const sent = request(url, { headers: { 'accept-encoding': encoding }, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

describe.each(['identity', 'gzip'])('a scrape with Accept-Encoding %s', (encoding) => {
  const decode = (body: Buffer) => (encoding === 'gzip' ? gunzipSync(body) : body);

  it('by a reader that dawdles is whole', async () => {
    const { url, whole } = await serve();
    expect(whole.length).toBeGreaterThan(4e6);
    const response = await open(url, encoding);
    const parts: Buffer[] = [];
    for await (const part of response) {
      parts.push(part as Buffer);
      for (let turn = 0; turn < 5; turn++) await setImmediate();
    }
    expect(decode(Buffer.concat(parts)).equals(whole)).toBe(true);
  });

  it('by twenty readers at once is whole for each', async () => {
    const { url, whole } = await serve();
    const bodies = await Promise.all(
      Array.from({ length: 20 }, async () => collect(await open(url, encoding))),
    );
    expect(bodies.filter((body) => !decode(body).equals(whole))).toEqual([]);
  });
});
