import { hash } from 'bcrypt';
import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../../src/http/app.js';
import { createGuard } from '../../../src/http/guard.js';
import type { WebSettings } from '../../../src/http/web-settings.js';
import { serving } from '../../support/app.js';
import { NOTHING_KNOWN } from '../../support/status.js';

const HASH = await hash('wonderland', 4);
const OPEN: WebSettings = { tls: undefined, headers: {}, users: new Map(), rateLimit: undefined };
const LOCKED: WebSettings = { ...OPEN, users: new Map([['alice', HASH]]) };

/** An exporter's web application behind a guard whose settings can be swapped. */
async function start(initial: WebSettings, more: Partial<AppOptions> = {}) {
  let settings = initial;
  let now = 0;
  const listener = await serving(NOTHING_KNOWN, {
    guard: createGuard(
      () => settings,
      () => now,
    ),
    ...more,
  });
  const get = (path: string, credentials?: string, method = 'GET') =>
    fetch(`${listener.url}${path}`, {
      method,
      headers: credentials === undefined ? {} : { authorization: basic(credentials) },
    });
  return {
    get,
    status: async (path: string, credentials?: string, method?: string) =>
      (await get(path, credentials, method)).status,
    swap: (next: WebSettings) => (settings = next),
    wait: (ms: number) => (now += ms),
  };
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('with users', () => {
  it('every page needs one of them, and says so', async () => {
    const { get, status } = await start(LOCKED);
    const refused = await get('/metrics');
    expect([refused.status, await refused.text()]).toEqual([401, 'Unauthorized.\n']);
    expect(refused.headers.get('www-authenticate')).toBe(
      'Basic realm="conformance-pack-exporter", charset="UTF-8"',
    );
    for (const path of ['/', '/metrics', '/-/healthy', '/-/ready', '/nothing', '/METRICS']) {
      expect(await status(path), path).toBe(401);
      expect(await status(path, 'alice:guess'), path).toBe(401);
      expect(await status(path, 'bob:wonderland'), path).toBe(401);
      expect(await status(path, 'alice:wonderland'), path).toBe(path === '/nothing' ? 404 : 200);
    }
  });

  it('health can be told to all, and nothing else', async () => {
    const { status } = await start(LOCKED, { healthWithoutAuth: true, routePrefix: '/packs' });
    expect(await status('/packs/-/healthy')).toBe(200);
    expect(await status('/packs/-/ready')).toBe(200);
    for (const path of ['/packs', '/packs/metrics', '/-/healthy', '/packs/-/healthy/x', '/']) {
      expect(await status(path), path).toBe(401);
    }
    expect(await status('/packs/-/healthy', undefined, 'POST')).toBe(401);
    expect(await status('/packs/metrics', 'alice:wonderland')).toBe(200);
  });

  it('that are swapped the new ones count at once', async () => {
    const { status, swap } = await start(LOCKED);
    expect(await status('/metrics', 'alice:wonderland')).toBe(200);
    swap({ ...OPEN, users: new Map([['bob', HASH]]) });
    expect(await status('/metrics', 'alice:wonderland')).toBe(401);
    expect(await status('/metrics', 'bob:wonderland')).toBe(200);
    swap(OPEN);
    expect(await status('/metrics')).toBe(200);
  });
});

describe('headers', () => {
  it('stand on every response, instead of our own', async () => {
    const headers = {
      'Content-Security-Policy': "frame-ancestors 'self'",
      'Strict-Transport-Security': 'max-age=60',
    };
    const { get, swap } = await start({ ...LOCKED, headers });
    for (const credentials of [undefined, 'alice:wonderland']) {
      const response = await get('/', credentials);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-security-policy': "frame-ancestors 'self'",
        'strict-transport-security': 'max-age=60',
        'x-content-type-options': 'nosniff',
      });
    }
    swap(LOCKED);
    const response = await get('/', 'alice:wonderland');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('strict-transport-security')).toBeNull();
  });
});

describe('a rate limit', () => {
  it('turns away what is too much, before it looks at passwords', async () => {
    const { get, status, wait } = await start({
      ...LOCKED,
      rateLimit: { intervalMs: 1_500, burst: 2 },
    });
    expect(await status('/metrics', 'alice:wonderland')).toBe(200);
    expect(await status('/metrics')).toBe(401);
    const refused = await get('/metrics', 'alice:wonderland');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
    expect(await refused.text()).toBe('Too many requests, try again later.\n');
    wait(1_500);
    expect(await status('/metrics', 'alice:wonderland')).toBe(200);
  });
});
