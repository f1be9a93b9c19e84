import { subscribe, unsubscribe, type ChannelListener } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Gauge, Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createExposition, type Encoding } from '../../src/metrics/exposition.js';
import { Views } from '../../src/metrics/view.js';
import { serving } from '../support/app.js';
import { collect } from '../support/collect.js';
import { readSoleMember } from '../support/gzip.js';
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
  const decode = async (body: Buffer) => (encoding === 'gzip' ? readSoleMember(body) : body);

  it('by a reader that dawdles is whole', async () => {
    const { url, whole } = await serve();
    expect(whole.length).toBeGreaterThan(4e6);
    const response = await open(url, encoding);
    const parts: Buffer[] = [];
    for await (const part of response) {
      parts.push(part as Buffer);
      for (let turn = 0; turn < 5; turn++) await setImmediate();
    }
    expect((await decode(Buffer.concat(parts))).equals(whole)).toBe(true);
  });

  it('by twenty readers at once is whole for each', async () => {
    const { url, whole } = await serve();
    const bodies = await Promise.all(
      Array.from({ length: 20 }, async () => decode(await collect(await open(url, encoding)))),
    );
    expect(bodies.filter((body) => !body.equals(whole))).toEqual([]);
  });

  it('that its reader abandons, wherever that is, leaves nothing in memory', async () => {
    const render = exposition();
    const events = new EventEmitter();
    let goesBefore = 0;
    const { url } = await serving(NOTHING_KNOWN, {
      exposition: async function* (format, asked) {
        let given = 0;
        try {
          for await (const chunk of render(format, asked)) {
            if (given++ === goesBefore) {
              const gone = once(events, 'gone');
              events.emit('reached');
              await gone;
            }
            yield chunk;
          }
        } finally {
          events.emit('ended', given);
        }
      },
    });
    onEachResponse((response) => response.once('close', () => events.emit('gone')));
    const abandonBefore = async (chunk: number) => {
      goesBefore = chunk;
      const [reached, ended] = [once(events, 'reached'), once(events, 'ended')];
      const headers = { 'accept-encoding': encoding };
      const sent = request(`${url}/metrics`, { headers, agent: false }).end();
      sent.on('error', () => undefined);
      sent.on('response', (response) => response.on('error', () => undefined).resume());
      await reached;
      sent.destroy();
      const [given] = (await ended) as [number];
      // Nothing more was asked for than the chunk that was under way.
      expect(given).toBe(chunk + 1);
    };
    let chunks = 0;
    for await (const chunk of render('text', encoding as Encoding))
      chunks += Math.sign(chunk.length);
    const abandonEverywhere = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        // Most often near the end, where what is compressed for this scrape alone is.
        for (const chunk of [round % chunks, chunks - 2, chunks - 1]) await abandonBefore(chunk);
      }
      return memoryInUse();
    };
    const before = await abandonEverywhere(chunks);
    const after = await abandonEverywhere(100);
    // One that is kept holds half a megabyte of chunks, or a deflating stream of as much.
    expect((after - before) / 100).toBeLessThan(50_000);
  });
});

/** Told of every response that a server of this process begins, for as long as the test takes. */
function onEachResponse(listener: (response: ServerResponse) => void): void {
  const started = ({ response }: { response: ServerResponse }) => listener(response);
  subscribe('http.server.request.start', started as ChannelListener);
  onTestFinished(() => void unsubscribe('http.server.request.start', started as ChannelListener));
}

/** Bytes that cannot be collected, outside the heap of JavaScript as well. */
async function memoryInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  // What has been collected is freed in the background, and what that finalizes the next time.
  for (let turn = 0; turn < 4; turn++) {
    collectGarbage();
    await setImmediate();
  }
  const { external, heapUsed } = process.memoryUsage();
  return external + heapUsed;
}
