import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { createConnection } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../../src/http/app.js';
import { listen, ListenError } from '../../../src/http/server.js';
import type { Encoding, Exposition } from '../../../src/metrics/exposition.js';
import type { StatusReader } from '../../../src/status/status.js';
import { serving } from '../../support/app.js';
import { NOTHING_KNOWN } from '../../support/status.js';

/** What is served in parts comes as it is. */
const PLAIN = { headers: { 'accept-encoding': 'identity' } };

/** Answers with its format, when it is let go. */
function gatedExposition() {
  const gates: (() => void)[] = [];
  const exposition: Exposition = async function* (format) {
    yield Buffer.from('first\n');
    await new Promise<void>((resolve) => gates.push(resolve));
    yield Buffer.from(`${format}\n`);
  };
  return { exposition, gates };
}

const simple: Exposition = async function* (format, encoding) {
  await Promise.resolve();
  yield* encode([`${format} `, 'end\n'], encoding);
};

function* encode(texts: readonly string[], encoding: Encoding): Generator<Buffer> {
  if (encoding === 'gzip') yield gzipSync(texts.join(''));
  else for (const text of texts) yield Buffer.from(text);
}

function start(more: Partial<AppOptions> = {}): ReturnType<typeof serving> {
  return serving(NOTHING_KNOWN, { exposition: simple, ...more });
}

describe('/metrics', () => {
  it('answers in the format that is asked for, and says which', async () => {
    const { url } = await start();
    const text = await fetch(`${url}/metrics`);
    expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await text.text()).toBe('text end\n');
    const open = await fetch(`${url}/metrics`, {
      headers: { accept: 'application/openmetrics-text; version=1.0.0' },
    });
    expect(open.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(await open.text()).toBe('openmetrics end\n');
    expect(open.headers.get('vary')).toBe('Accept, Accept-Encoding');
  });

  it.each([
    ['gzip', true],
    ['gzip;q=0.5', true],
    ['deflate, gzip', true],
    ['gzip;q=0', false],
    ['identity', false],
    ['br', false],
  ])('with Accept-Encoding %s compresses: %s', async (encoding, compressed) => {
    const { url } = await start();
    const sent = request(`${url}/metrics`, { headers: { 'accept-encoding': encoding } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await response.toArray());
    expect(response.headers['content-encoding']).toBe(compressed ? 'gzip' : undefined);
    expect((compressed ? gunzipSync(body) : body).toString()).toBe('text end\n');
  });

  it('answers HEAD without a body', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it('cuts the connection where rendering fails, so that half is never taken for whole', async () => {
    const { url } = await start({
      exposition: async function* () {
        yield Buffer.from('half\n');
        await Promise.resolve();
        throw new Error('defect');
      },
    });
    const reading = fetch(`${url}/metrics`).then((response) => response.text());
    await expect(reading).rejects.toThrow();
  });

  it('refuses more scrapes at a time than it may answer, and takes the next', async () => {
    const { exposition, gates } = gatedExposition();
    const { url } = await start({ exposition, maxRequests: 1 });
    const first = await fetch(`${url}/metrics`, PLAIN);
    const second = await fetch(`${url}/metrics`, PLAIN);
    expect(second.status).toBe(503);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await second.text()).toContain('Limit of concurrent requests reached (1)');
    gates.forEach((go) => go());
    expect(await first.text()).toBe('first\ntext\n');
    const third = await fetch(`${url}/metrics`, PLAIN);
    expect(third.status).toBe(200);
    await third.body?.cancel();
  });

  it('frees the place of a client that went away', async () => {
    const { exposition, gates } = gatedExposition();
    const { url } = await start({ exposition, maxRequests: 1 });
    const abort = new AbortController();
    const first = await fetch(`${url}/metrics`, { ...PLAIN, signal: abort.signal });
    abort.abort();
    await expect(first.text()).rejects.toThrow();
    let status = 503;
    while (status === 503) {
      const next = await fetch(`${url}/metrics`, PLAIN);
      status = next.status;
      await next.body?.cancel();
    }
    expect(status).toBe(200);
    gates.forEach((go) => go());
  });
});

describe('the other pages', () => {
  it.each(['/', '/api/v1/status'])(
    'of which %s, have a limit apart from the scrapes',
    async (path) => {
      const asked: (() => void)[] = [];
      const reading = new Promise<void>((resolve) => asked.push(resolve));
      const gate = new Promise<void>((resolve) => asked.push(resolve));
      const [begun, go] = asked;
      const status: StatusReader = async () => {
        begun?.();
        await gate;
        return NOTHING_KNOWN();
      };
      const { url } = await serving(status, { exposition: simple, maxRequests: 1 });
      const first = fetch(`${url}${path}`);
      await reading;
      expect((await fetch(`${url}/accounts`)).status).toBe(503);
      expect((await fetch(`${url}/metrics`)).status).toBe(200);
      expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
      go?.();
      expect((await first).status).toBe(200);
    },
  );

  it('are made one at a time, and none while a scrape is written', async () => {
    const events: string[] = [];
    let scrape: Promise<Response> | undefined;
    const status: StatusReader = async () => {
      events.push('page');
      scrape ??= fetch(`${url}/metrics`, PLAIN);
      await setImmediate();
      return NOTHING_KNOWN();
    };
    const exposition: Exposition = async function* () {
      events.push('scrape begins');
      for (let part = 0; part < 10; part++) {
        yield Buffer.from('part\n');
        await setImmediate();
      }
      events.push('scrape ends');
    };
    const { url } = await serving(status, { exposition });
    const paths = Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? '/' : '/api/v1/packs'));
    const answers = await Promise.all(paths.map((path) => fetch(`${url}${path}`)));
    expect(answers.map((answer) => answer.status)).toEqual(paths.map(() => 200));
    expect(await (await scrape)?.text()).toBe('part\n'.repeat(10));
    expect(events.filter((event) => event === 'page')).toHaveLength(30);
    const begun = events.indexOf('scrape begins');
    expect(begun).toBeLessThan(30);
    expect(events[begun + 1]).toBe('scrape ends');
  });

  it('health does not depend on AWS, readiness does', async () => {
    let ready = false;
    const { url } = await start({ isReady: () => ready });
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    const before = await fetch(`${url}/-/ready`);
    expect([before.status, await before.text()]).toEqual([
      503,
      'Not ready: no scope could be read yet, or some have not been tried.\n',
    ]);
    ready = true;
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  });

  it('stand below the route prefix', async () => {
    const { url } = await start({ routePrefix: '/packs', linkPrefix: '/packs' });
    const paths = ['/packs/metrics', '/packs/-/ready', '/packs/', '/metrics', '/-/healthy'];
    const answers = await Promise.all(paths.map((path) => fetch(`${url}${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404]);
  });

  it('say nothing of what serves them', async () => {
    const { url } = await start();
    const missing = await fetch(`${url}/nothing`);
    expect([missing.status, await missing.text()]).toEqual([404, 'Not found.\n']);
    expect(missing.headers.get('x-powered-by')).toBeNull();
    const broken = await fetch(`${url}/%E0%A4%A`);
    expect(broken.status).toBeLessThan(500);
  });
});

describe('listening', () => {
  it('says what to do where the address is taken', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    const again = listen(() => undefined, { host: '127.0.0.1', port });
    await expect(again).rejects.toBeInstanceOf(ListenError);
    await expect(again).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: something listens there already; choose another address with --web.listen-address`,
    );
  });

  it('stops after the scrapes in flight, and takes no new ones', async () => {
    const { exposition, gates } = gatedExposition();
    const listener = await start({ exposition });
    const first = await fetch(`${listener.url}/metrics`, PLAIN);
    const stopping = listener.stop(60_000);
    await expect(fetch(`${listener.url}/metrics`, PLAIN)).rejects.toThrow();
    gates.forEach((go) => go());
    expect(await first.text()).toBe('first\ntext\n');
    await stopping;
  });

  it('cuts off what does not end in time', async () => {
    const { exposition } = gatedExposition();
    const listener = await start({ exposition });
    const first = await fetch(`${listener.url}/metrics`, PLAIN);
    await listener.stop(1);
    await expect(first.text()).rejects.toThrow();
  });

  it('does not wait for a connection that asks nothing', async () => {
    const listener = await start();
    const socket = createConnection(Number(new URL(listener.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    socket.resume();
    await listener.stop(1);
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});

describe('/-/reload', () => {
  it('answers what the reload comes to', async () => {
    const outcomes = [
      { successful: true, message: 'Reloaded.\n' },
      { successful: false, message: 'a: is wrong\n' },
    ];
    const answers = outcomes.map(async (outcome) => {
      const { url } = await start({ reload: () => Promise.resolve(outcome) });
      const response = await fetch(`${url}/-/reload`, { method: 'POST' });
      return [response.status, await response.text()];
    });
    expect(await Promise.all(answers)).toEqual([
      [200, 'Reloaded.\n'],
      [500, 'a: is wrong\n'],
    ]);
  });

  it('is asked for by POST only', async () => {
    const { url } = await start({ reload: () => Promise.reject(new Error('never called')) });
    const response = await fetch(`${url}/-/reload`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
