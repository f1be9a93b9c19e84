import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { ConfigApi } from '../../../src/aws/port.js';
import { Refresher, type RefresherOptions } from '../../../src/refresh/refresher.js';
import { Store } from '../../../src/refresh/store.js';
import { scriptedApi } from '../../support/scripted-api.js';

const scope = { source: 'default', region: 'eu-west-1' };
const never = new AbortController().signal;

function setUp(api: ConfigApi, more: Partial<RefresherOptions> = {}) {
  const store = new Store([{ scope, expectedPacks: [] }]);
  let refreshes = 0;
  const refresher = new Refresher({
    api,
    scope,
    store,
    index: 0,
    duplicateOf: () => Promise.resolve(undefined),
    selects: () => true,
    pageSize: 100,
    sweepEvery: 1,
    timeoutMs: 60_000,
    clock: () => 0,
    logger: pino({ level: 'silent' }),
    onRefreshed: () => {
      refreshes++;
    },
    ...more,
  });
  return { store, refresher, refreshes: () => refreshes };
}

describe('Refresher', () => {
  it('never overlaps: a call while a refresh is under way joins it', async () => {
    let listings = 0;
    const { refresher, refreshes } = setUp(
      scriptedApi({
        packStatuses: () => {
          listings++;
          return [];
        },
      }),
    );
    await Promise.all([refresher.refresh(never), refresher.refresh(never)]);
    expect([listings, refreshes()]).toEqual([1, 1]);
    await refresher.refresh(never);
    expect([listings, refreshes()]).toEqual([2, 2]);
  });

  it('reads nothing for a source whose packs another one reads already', async () => {
    let calls = 0;
    const { refresher, store } = setUp(
      scriptedApi({
        packStatuses: () => {
          calls++;
          return [];
        },
      }),
      { duplicateOf: () => Promise.resolve('first') },
    );
    await refresher.refresh(never);
    expect(calls).toBe(0);
    expect(store.state(0).lastRefresh).toMatchObject({
      successful: false,
      failures: [{ reason: 'duplicate_source' }],
    });
    expect(store.state(0).lastRefresh?.failures[0]?.message).toContain('"first"');
  });

  it('records nothing of a refresh that was abandoned', async () => {
    const stop = new AbortController();
    const { refresher, refreshes, store } = setUp(
      scriptedApi({
        packStatuses: () => {
          stop.abort();
          return [];
        },
      }),
    );
    await refresher.refresh(stop.signal);
    expect(refreshes()).toBe(0);
    expect(store.state(0)).toMatchObject({ progress: undefined });
    expect(store.state(0).lastRefresh).toBeUndefined();
  });

  it('shows its progress while it reads, and none afterwards', async () => {
    const seen: unknown[] = [];
    const holder: { store?: Store } = {};
    const look = () => {
      seen.push(holder.store?.state(0).progress);
      return [];
    };
    const { refresher, store } = setUp(
      scriptedApi({
        packStatuses: () => {
          look();
          return ['A', 'B'].map((name) => ({ name, status: 'CREATE_SUCCESSFUL' }));
        },
        packAccounts: look,
      }),
    );
    holder.store = store;
    await refresher.refresh(never);
    expect(seen[0]).toEqual({ done: 0, expected: 1 });
    expect(seen[1]).toEqual({ done: 1, expected: 3 });
    expect(store.state(0).progress).toBeUndefined();
  });

  it('tells in the log how far the first refresh has come, now and then, and of no other', async () => {
    let now = 0;
    const lines: unknown[] = [];
    const packs = ['A', 'B', 'C', 'D', 'E'];
    const { refresher } = setUp(
      scriptedApi({
        packStatuses: () => packs.map((name) => ({ name, status: 'CREATE_SUCCESSFUL' })),
        packAccounts: () => {
          now += 20_000;
          return [];
        },
      }),
      {
        clock: () => now,
        logger: pino({}, { write: (line) => lines.push(JSON.parse(line)) }),
      },
    );
    await refresher.refresh(never);
    await refresher.refresh(never);
    const told = lines.filter((line) => (line as { event: string }).event === 'refresh_progress');
    expect(told).toMatchObject([
      { done: expect.any(Number) as number, expected: 6, region: 'eu-west-1' },
    ]);
  });
});
