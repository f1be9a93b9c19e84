import { describe, expect, it } from 'vitest';
import { headlineOf, isFirstRefresh } from '../../../../src/http/pages/headline.js';
import { inSlices } from '../../../../src/metrics/slices.js';
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
import { snapshotOf, storeOf } from '../../../support/render.js';

async function overviewOf(store: Store) {
  const moment = await momentOf(store);
  return overview(moment, { version: '1.2.3' }, await inSlices(tally(moment.view)));
}

async function headlineFor(store: Store): Promise<[string, string]> {
  const { text, tone } = headlineOf(await overviewOf(store));
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
