import { describe, expect, it } from 'vitest';
import { headlineOf, isFirstRefresh } from '../../../../src/http/pages/headline.js';
import { inSlices } from '../../../../src/metrics/slices.js';
import type { Failure } from '../../../../src/refresh/result.js';
import { Store } from '../../../../src/refresh/store.js';
import type { Pack } from '../../../../src/conformance/snapshot.js';
import { tally } from '../../../../src/status/account-tallies.js';
import { overview } from '../../../../src/status/overview.js';
import { packOf } from '../../../support/columns.js';
import {
  accountId,
  failWith,
  learnOrganization,
  momentOf,
  packWith,
  reports,
} from '../../../support/moment.js';
import { completeWith, snapshotOf, storeOf } from '../../../support/render.js';

async function overviewOf(store: Store, now = 0, maxStalenessMs = 0) {
  const moment = await momentOf(store, now, maxStalenessMs);
  return overview(moment, { version: '1.2.3' }, await inSlices(tally(moment.view)));
}

async function headlineFor(store: Store, now = 0, maxStalenessMs = 0): Promise<[string, string]> {
  const { text, tone } = headlineOf(await overviewOf(store, now, maxStalenessMs));
  return [tone, text];
}

const withPacks = (...packs: Pack[]) => storeOf([snapshotOf(packs)]);

const done = packWith('Done', reports('CREATE_SUCCESSFUL', 2));
const going = packWith('Going', reports('UPDATE_IN_PROGRESS', 2));
const unread = packOf('Unread');
const gone = packWith('Gone', reports('DELETE_SUCCESSFUL', 2));
const scope = { source: 'default', region: 'eu-west-1' };

describe('the headline', () => {
  it.each<[string, string, Store]>([
    [
      'failed',
      '1 of 4 packs has failed, in 1 account',
      withPacks(done, going, unread, packWith('Bad', reports('CREATE_FAILED', 1))),
    ],
    [
      'failed',
      '2 of 2 packs have failed, in 1,500 accounts',
      withPacks(
        packWith('Bad', reports('CREATE_FAILED', 1_500)),
        packWith('Worse', reports('DELETE_FAILED', 1)),
      ),
    ],
    [
      'failed',
      '2 expected packs are not deployed',
      storeOf([snapshotOf([done, going])], ['Lost', 'Found']),
    ],
    ['warning', 'The state of 1 of 3 packs is unknown', withPacks(done, going, unread)],
    [
      'failed',
      'The state of 2 of 3 packs is unknown, and AWS reports 1 of them as failed',
      withPacks(done, unread, packOf('Bad', { rollUp: { status: 'UPDATE_FAILED' } })),
    ],
    ['progress', '1 of 2 packs is being rolled out', withPacks(done, going)],
    ['good', 'Every pack is complete', withPacks(done, gone)],
    ['neutral', 'Every pack has been deleted', withPacks(gone)],
    ['neutral', 'There are no organization conformance packs', withPacks()],
  ])('is %s: %s', async (tone, text, store) => {
    expect(await headlineFor(store)).toEqual([tone, text]);
  });

  it('tells of missing accounts where all else is well', async () => {
    const store = withPacks(done);
    learnOrganization(store, [{ id: accountId(1) }, { id: accountId(3) }]);
    expect(await headlineFor(store)).toEqual([
      'warning',
      'Every pack is complete, but 1 account is missing',
    ]);
  });

  describe('is never an all-clear where', () => {
    const operation = 'DescribeOrganizationConformancePackStatuses';
    const denied: Failure = { reason: 'organization_access_denied', operation, message: '' };
    const complete = snapshotOf([done]);

    it('a scope could not be read', async () => {
      const store = storeOf([complete, undefined, undefined]);
      expect(await headlineFor(store)).toEqual([
        'warning',
        'Every known pack is complete; 2 of 3 scopes could not be read',
      ]);
    });

    it('what is known of it could not be renewed', async () => {
      const store = storeOf([complete]);
      failWith(store, 0, denied);
      expect(await headlineFor(store)).toEqual([
        'warning',
        'Every known pack is complete; 1 of 1 scope could not be refreshed',
      ]);
    });

    it('it could be read in part only', async () => {
      const store = storeOf([complete, complete]);
      const refresh = { endedAt: 0, durationMs: 0, successful: false, failures: [denied] };
      store.complete(1, refresh, complete);
      expect(await headlineFor(store)).toEqual([
        'warning',
        'Every known pack is complete; 1 of 2 scopes could only be read in part',
      ]);
    });

    it('it was read too long ago', async () => {
      const store = storeOf([snapshotOf([], { listedAt: 1_000 })]);
      expect(await headlineFor(store, 61_000, 60_000)).toEqual([
        'neutral',
        'There are no organization conformance packs',
      ]);
      expect(await headlineFor(store, 61_001, 60_000)).toEqual([
        'warning',
        'No organization conformance pack is known; 1 of 1 scope has not been read for too long',
      ]);
    });

    it('it has not been read yet, or not since the start', async () => {
      const regions = ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'];
      const store = new Store(
        regions.map((region) => ({ scope: { ...scope, region }, expectedPacks: [] })),
      );
      store.restore({ scopes: [{ scope, snapshot: complete }], sources: [] });
      completeWith(store, complete, 1);
      store.progress(2, { done: 0, expected: 1, sized: false });
      expect(await headlineFor(store)).toEqual([
        'progress',
        'Every known pack is complete; 1 of 4 scopes has not been read since the start, 2 have not been read yet',
      ]);
      failWith(store, 2, denied);
      expect(await headlineFor(store)).toEqual([
        'warning',
        'Every known pack is complete; 1 of 4 scopes could not be read, 1 has not been read since the start, 1 has not been read yet',
      ]);
    });
  });

  it('tells of scopes that could not be read whatever else is the matter', async () => {
    const bad = packWith('Bad', reports('CREATE_FAILED', 1));
    const told = (...packs: Pack[]) => headlineFor(storeOf([snapshotOf(packs), undefined]));
    const rest = '; 1 of 2 scopes could not be read';
    expect(await told(bad)).toEqual(['failed', `1 of 1 pack has failed, in 1 account${rest}`]);
    expect(await told(going)).toEqual(['progress', `1 of 1 pack is being rolled out${rest}`]);
    expect(await told(gone)).toEqual(['warning', `Every known pack has been deleted${rest}`]);
    expect(await told()).toEqual(['warning', `No organization conformance pack is known${rest}`]);
  });

  it('says that AWS is being read, until that has ended well or badly', async () => {
    const store = new Store([{ scope, expectedPacks: [] }]);
    expect(isFirstRefresh(await overviewOf(store))).toBe(true);
    expect(await headlineFor(store)).toEqual(['progress', 'AWS is being read for the first time']);
    const operation = 'DescribeOrganizationConformancePackStatuses';
    failWith(store, 0, { reason: 'network', operation, message: '' });
    expect(isFirstRefresh(await overviewOf(store))).toBe(false);
    expect(await headlineFor(store)).toEqual(['failed', 'Nothing could be read from AWS']);
  });
});
