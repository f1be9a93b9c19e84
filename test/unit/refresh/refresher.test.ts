import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AwsError } from '../../../src/aws/errors.js';
import type { ConfigApi } from '../../../src/aws/port.js';
import { Refresher, type RefresherOptions } from '../../../src/refresh/refresher.js';
import { Store } from '../../../src/refresh/store.js';
import { collectingLogger } from '../../support/logged.js';
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
    duplicateOf: () => Promise.resolve(undefined),
    selects: () => true,
    pageSize: 100,
    packsAtOnce: 4,
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
    const { logger, lines } = collectingLogger();
    const { refresher, store } = setUp(
      scriptedApi({
        packStatuses: () => {
          calls++;
          return [];
        },
      }),
      { duplicateOf: () => Promise.resolve('first'), logger },
    );
    await refresher.refresh(never);
    expect(calls).toBe(0);
    const failure = {
      reason: 'duplicate_source',
      operation: 'GetCallerIdentity',
      message:
        'the credentials belong to the account that source "first" reads in this Region already',
      advice: 'remove one of the two sources, or give this one credentials of another account',
    };
    expect(store.state(0).lastRefresh).toMatchObject({ successful: false, failures: [failure] });
    const { message: error, ...rest } = failure;
    expect(lines.filter(({ event }) => event === 'read_failed')).toEqual([
      {
        level: 'warn',
        event: 'read_failed',
        ...scope,
        ...rest,
        error,
        msg: 'Could not read from AWS',
      },
    ]);
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
    expect(seen[0]).toMatchObject({ done: 0, sized: false });
    expect(seen[1]).toMatchObject({ done: 2, sized: false });
    expect(store.state(0).progress).toBeUndefined();
  });

  it('logs what could not be read once for each reason and operation, with all the packs', async () => {
    const { logger, lines } = collectingLogger();
    const operation = 'GetOrganizationConformancePackDetailedStatus';
    const reasonOf = (pack: string) => (pack === 'C' ? 'network' : 'access_denied');
    const { refresher, store } = setUp(
      scriptedApi({
        packStatuses: () => ['A', 'B', 'C'].map((name) => ({ name, status: 'CREATE_SUCCESSFUL' })),
        packs: () => {
          throw new AwsError({
            operation: 'DescribeOrganizationConformancePacks',
            reason: 'access_denied',
            message: 'none',
          });
        },
        packAccounts: (pack) => {
          throw new AwsError({ operation, reason: reasonOf(pack), message: `not ${pack}` });
        },
      }),
      { logger },
    );
    await refresher.refresh(never);
    expect(store.state(0).lastRefresh?.failures).toHaveLength(4);
    const failed = lines.filter(({ event }) => event === 'read_failed');
    expect(failed).toHaveLength(3);
    expect(failed).toContainEqual({
      level: 'warn',
      event: 'read_failed',
      ...scope,
      reason: 'access_denied',
      operation,
      error: 'not A',
      packs: ['A', 'B'],
      msg: 'Could not read from AWS',
    });
    expect(failed.find(({ error }) => error === 'none')).not.toHaveProperty('packs');
    expect(lines.at(-1)).toMatchObject({ event: 'refreshed', level: 'error', failures: 4 });
  });

  it('tells in the log how far the first refresh has come, by the time, and of no other', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { logger, lines } = collectingLogger();
    const packs = ['A', 'B', 'C', 'D', 'E'];
    const { refresher } = setUp(
      scriptedApi({
        packStatuses: () => packs.map((name) => ({ name, status: 'CREATE_SUCCESSFUL' })),
        packAccounts: (pack) => {
          // Nothing comes meanwhile, and that is told as well.
          if (pack === 'E') vi.advanceTimersByTime(70_000);
          return [];
        },
      }),
      { logger },
    );
    await refresher.refresh(never);
    await refresher.refresh(never);
    vi.advanceTimersByTime(70_000);
    const told = lines.filter(({ event }) => event === 'refresh_progress');
    expect(told).toHaveLength(2);
    expect(told[1]).toMatchObject({
      level: 'info',
      done: 2,
      source: 'default',
      region: 'eu-west-1',
    });
  });
});
