import { describe, expect, it } from 'vitest';
import { inSlices } from '../../../src/metrics/slices.js';
import type { Failure } from '../../../src/refresh/result.js';
import { Store } from '../../../src/refresh/store.js';
import { tally } from '../../../src/status/account-tallies.js';
import { overview } from '../../../src/status/overview.js';
import { packOf } from '../../support/columns.js';
import {
  accountId,
  failWith,
  learnOrganization,
  momentOf,
  packWith,
  reports,
} from '../../support/moment.js';
import { completeWith, snapshotOf, storeOf } from '../../support/render.js';

async function overviewOf(store: Store, now = 0, maxStalenessMs = 0) {
  const moment = await momentOf(store, now, maxStalenessMs);
  return overview(moment, { version: '1.2.3' }, await inSlices(tally(moment.view)));
}

function emptyStore(...regions: readonly string[]): Store {
  return new Store(
    regions.map((region) => ({ scope: { source: 'default', region }, expectedPacks: [] })),
  );
}

const denied: Failure = {
  reason: 'access_denied',
  operation: 'GetOrganizationConformancePackDetailedStatus',
  message: 'no',
  advice: 'allow it',
};

describe('the overview', () => {
  it('counts packs by their verdict, and accounts once however many packs they are in', async () => {
    const store = storeOf(
      [
        snapshotOf([
          packWith('A', reports('CREATE_FAILED', 2), { status: 'CREATE_FAILED' }),
          packWith('B', reports('UPDATE_FAILED', 3), { status: 'UPDATE_IN_PROGRESS' }),
          packWith('C', reports('CREATE_SUCCESSFUL', 4)),
          packOf('D'),
        ]),
      ],
      ['Lost'],
    );
    learnOrganization(store, [{ id: accountId(1) }, { id: accountId(5) }]);
    const { summary, time, version } = await overviewOf(store, 1_000);
    expect([time, version]).toEqual(['1970-01-01T00:00:01.000Z', '1.2.3']);
    expect(summary.packs).toEqual({
      total: 5,
      byState: [
        { state: 'complete', packs: 1 },
        { state: 'in_progress', packs: 0 },
        { state: 'failed', packs: 2 },
        { state: 'deleted', packs: 0 },
        { state: 'unknown', packs: 1 },
        { state: 'absent', packs: 1 },
      ],
      mismatches: 1,
      read: 3,
      failedByRollUp: 0,
    });
    expect(summary.accounts).toEqual({ total: 5, failed: 3, missing: 1 });
  });

  it('counts nothing of which nothing is known', async () => {
    const rollUp = { status: 'CREATE_FAILED' };
    const store = storeOf([snapshotOf([packOf('A'), packOf('B', { rollUp })])]);
    learnOrganization(store, [{ id: accountId(1) }]);
    const { summary } = await overviewOf(store);
    expect(summary.packs).toMatchObject({ total: 2, read: 0, failedByRollUp: 1 });
    expect(summary.accounts).toEqual({ total: 1 });
  });

  it('tells of no missing accounts where the organization is not known', async () => {
    const store = storeOf([snapshotOf([packWith('A', reports('CREATE_SUCCESSFUL', 2))])]);
    expect((await overviewOf(store)).summary.accounts).toEqual({ total: 2, failed: 0 });
  });

  it('tells of a scope whether it waits, is being read, and how its last refresh went', async () => {
    const store = emptyStore('waiting', 'reading', 'ok', 'partial', 'failed', 'older', 'restored');
    store.progress(1, { done: 2, expected: 8, sized: true, callMs: 500 });
    completeWith(store, snapshotOf([]), 2);
    const failed = { endedAt: 9_000, durationMs: 4_000, successful: false, failures: [denied] };
    store.complete(3, failed, snapshotOf([], { listedAt: 6_000 }));
    store.complete(4, failed, undefined);
    store.complete(5, failed, snapshotOf([], { listedAt: 4_999 }));
    const scope = { source: 'default', region: 'restored' };
    store.restore({ scopes: [{ scope, snapshot: snapshotOf([]) }], sources: [] });
    const { scopes, summary } = await overviewOf(store, 20_000);
    expect(scopes.map(({ region, state }) => [region, state])).toEqual([
      ['waiting', 'waiting'],
      ['reading', 'reading'],
      ['ok', 'ok'],
      ['partial', 'partial'],
      ['failed', 'failed'],
      ['older', 'failed'],
      ['restored', 'restored'],
    ]);
    expect(scopes[1]?.progress).toEqual({ ratio: 0.25, done: 2, expected: 8, secondsLeft: 3 });
    expect(scopes[3]?.lastRefresh).toEqual({
      endedAt: '1970-01-01T00:00:09.000Z',
      durationSeconds: 4,
      successful: false,
      failures: [{ ...denied, summary: 'An IAM action is not allowed' }],
    });
    expect(summary.scopes.byState).toContainEqual({ state: 'failed', scopes: 2 });
    expect(summary.oldestDataAt).toBe('1970-01-01T00:00:00.000Z');
  });

  it('tells which shard it is of', async () => {
    const moment = await momentOf(storeOf([snapshotOf([])]));
    const exporter = { version: '1.2.3', shard: { index: 0, total: 2 } };
    const { shard } = overview(moment, exporter, await inSlices(tally(moment.view)));
    expect(shard).toEqual({ index: 0, total: 2 });
  });

  it('tells how old the oldest is of what is shown', async () => {
    const old = packWith('Old', reports('CREATE_FAILED', 1), undefined, 3_000);
    const store = storeOf([snapshotOf([old], { listedAt: 8_000 }), undefined]);
    expect((await overviewOf(store, 9_000)).summary.oldestDataAt).toBe('1970-01-01T00:00:03.000Z');
    const later = await overviewOf(store, 9_000, 5_000);
    expect(later.summary.oldestDataAt).toBe('1970-01-01T00:00:08.000Z');
    expect((await overviewOf(storeOf([undefined]))).summary.oldestDataAt).toBeUndefined();
  });

  it('says when what was listed is too old to be shown', async () => {
    const store = storeOf([snapshotOf([], { listedAt: 1_000 })]);
    expect((await overviewOf(store, 6_000, 5_000)).scopes[0]?.withdrawn).toBe(false);
    expect((await overviewOf(store, 6_001, 5_000)).scopes[0]?.withdrawn).toBe(true);
  });

  it('tells each kind of trouble once, with all the places where it was met', async () => {
    const store = emptyStore('eu-west-1', 'us-east-1');
    failWith(store, 0, { ...denied, pack: 'A' }, { ...denied, pack: 'B', message: 'other' });
    failWith(store, 1, { ...denied, pack: 'A' }, { ...denied, reason: 'timeout' });
    const { troubles } = await overviewOf(store);
    expect(troubles).toEqual([
      {
        ...denied,
        summary: 'An IAM action is not allowed',
        places: [
          { source: 'default', region: 'eu-west-1', pack: 'A' },
          { source: 'default', region: 'eu-west-1', pack: 'B' },
          { source: 'default', region: 'us-east-1', pack: 'A' },
        ],
      },
      {
        ...denied,
        reason: 'timeout',
        summary: 'AWS did not answer in time',
        places: [{ source: 'default', region: 'us-east-1', pack: undefined }],
      },
    ]);
  });

  it('tells whose credentials a source has, and what could not be read beside its packs', async () => {
    const store = emptyStore('eu-west-1');
    store.learn('default', {
      identity: { accountId: accountId(1), partition: 'aws-cn' },
      failures: [{ ...denied, operation: 'ListAccounts' }],
    });
    expect((await overviewOf(store)).sources).toEqual([
      {
        name: 'default',
        ownerAccountId: accountId(1),
        partition: 'aws-cn',
        failures: [
          { ...denied, operation: 'ListAccounts', summary: 'An IAM action is not allowed' },
        ],
      },
    ]);
  });
});
