import { describe, expect, it } from 'vitest';
import { inSlices } from '../../../src/metrics/slices.js';
import type { Store } from '../../../src/refresh/store.js';
import { accountStatus } from '../../../src/status/account-status.js';
import { accountPage, tally, type AccountQuery } from '../../../src/status/account-tallies.js';
import { packOf } from '../../support/columns.js';
import { accountId, learnOrganization, momentOf, packWith, reports } from '../../support/moment.js';
import { snapshotOf, storeOf } from '../../support/render.js';

const WORST: AccountQuery = {
  q: '',
  sort: { key: 'worst', descending: false },
  limit: 100,
  offset: 0,
};

/** Account 1 failed twice, 2 once and is missing once, 3 is done, 4 is excluded, and 5 has no pack. */
function variety(): Store {
  const excluding = (pack: ReturnType<typeof packWith>) => ({
    ...pack,
    description: { arn: 'arn', excludedAccounts: [accountId(4), accountId(5)] },
  });
  const store = storeOf([
    snapshotOf([
      excluding(
        packWith('A', [...reports('CREATE_FAILED', 2), ...reports('CREATE_SUCCESSFUL', 1, 3)]),
      ),
    ]),
    snapshotOf([
      excluding(
        packWith('B', [...reports('UPDATE_FAILED', 1), ...reports('UPDATE_IN_PROGRESS', 1, 3)]),
      ),
    ]),
  ]);
  learnOrganization(store, [
    { id: accountId(1), name: 'zulu', unitPath: 'Root/A', joinedAt: 1_000, state: 'SUSPENDED' },
    { id: accountId(2), name: 'Yankee' },
    { id: accountId(3), name: 'xray' },
    { id: accountId(4) },
    { id: accountId(5) },
  ]);
  return store;
}

async function listed(store: Store, more: Partial<AccountQuery> = {}) {
  const { view } = await momentOf(store);
  return accountPage(await inSlices(tally(view)), { ...WORST, ...more });
}

const numbersOf = (page: Awaited<ReturnType<typeof listed>>) =>
  page.items.map(({ accountId: id }) => Number(id));

describe('the list of accounts', () => {
  it('counts the packs of each by standing, the worst first', async () => {
    const page = await listed(variety());
    expect(numbersOf(page)).toEqual([1, 2, 3, 4, 5]);
    expect(page.items.slice(0, 3)).toEqual([
      {
        accountId: accountId(1),
        name: 'zulu',
        ouPath: 'Root/A',
        accountState: 'SUSPENDED',
        failed: 2,
        missing: 0,
        unknown: 0,
        inProgress: 0,
        successful: 0,
      },
      {
        accountId: accountId(2),
        name: 'Yankee',
        accountState: 'ACTIVE',
        failed: 1,
        missing: 1,
        unknown: 0,
        inProgress: 0,
        successful: 0,
      },
      {
        accountId: accountId(3),
        name: 'xray',
        accountState: 'ACTIVE',
        failed: 0,
        missing: 0,
        unknown: 0,
        inProgress: 1,
        successful: 1,
      },
    ]);
  });

  it('is searched, filtered, sorted and cut', async () => {
    const store = variety();
    expect(numbersOf(await listed(store, { q: 'YAN' }))).toEqual([2]);
    expect(numbersOf(await listed(store, { q: 'root/' }))).toEqual([1]);
    expect(numbersOf(await listed(store, { q: '0003' }))).toEqual([3]);
    expect(numbersOf(await listed(store, { standing: 'missing' }))).toEqual([2]);
    const byName = { key: 'name', descending: false } as const;
    expect(numbersOf(await listed(store, { sort: byName }))).toEqual([3, 2, 1, 4, 5]);
    const down = { ...byName, descending: true };
    expect(numbersOf(await listed(store, { sort: down }))).toEqual([1, 2, 3, 4, 5]);
    const part = await listed(store, { limit: 2, offset: 3 });
    expect([part.total, ...numbersOf(part)]).toEqual([5, 4, 5]);
  });

  it('says how many packs the counts rest on', async () => {
    expect((await listed(variety())).packs).toEqual({ total: 2, read: 2, covered: 2 });
    const store = storeOf(
      [snapshotOf([packWith('A', reports('CREATE_FAILED', 1)), packOf('Unread')])],
      ['Lost'],
    );
    const { items, packs } = await listed(store);
    expect(packs).toEqual({ total: 2, read: 1, covered: 0 });
    expect(items).toEqual([
      { accountId: accountId(1), failed: 1, unknown: 0, inProgress: 0, successful: 0 },
    ]);
  });

  it('counts nothing where no pack could be read', async () => {
    const store = storeOf([snapshotOf([packOf('Unread')])]);
    learnOrganization(store, [{ id: accountId(1) }]);
    const { items, packs } = await listed(store);
    expect(packs).toEqual({ total: 1, read: 0, covered: 0 });
    expect(items).toEqual([{ accountId: accountId(1), accountState: 'ACTIVE' }]);
  });

  it('has those that only a pack knows, where the organization is not known', async () => {
    const store = storeOf([snapshotOf([packWith('A', reports('CREATE_FAILED', 2, 7))])]);
    expect((await listed(store)).items).toMatchObject([
      { accountId: accountId(7), failed: 1 },
      { accountId: accountId(8), failed: 1 },
    ]);
  });
});

describe('one account', () => {
  const packsOf = async (n: number) =>
    accountStatus(accountId(n), await momentOf(variety()))?.packs.map(
      ({ pack, standing, status }) => `${pack} ${standing} ${status ?? '-'}`,
    );

  it('tells how every pack stands in it, the worst first', async () => {
    expect(await packsOf(1)).toEqual(['A failed CREATE_FAILED', 'B failed UPDATE_FAILED']);
    expect(await packsOf(2)).toEqual(['A failed CREATE_FAILED', 'B missing -']);
    expect(await packsOf(3)).toEqual([
      'B in_progress UPDATE_IN_PROGRESS',
      'A successful CREATE_SUCCESSFUL',
    ]);
    expect(await packsOf(4)).toEqual(['A excluded -', 'B excluded -']);
  });

  it('tells of how many packs nobody knows what they are to it', async () => {
    const description = { arn: 'arn', excludedAccounts: [accountId(1)] };
    const store = storeOf(
      [snapshotOf([packOf('A'), packOf('B', { description }), packWith('C', [])])],
      ['Lost'],
    );
    learnOrganization(store, [{ id: accountId(1) }, { id: accountId(2) }]);
    const moment = await momentOf(store);
    expect(accountStatus(accountId(1), moment)?.unreadPacks).toBe(1);
    expect(accountStatus(accountId(2), moment)?.unreadPacks).toBe(2);
  });

  it('tells what the organization knows of it, and which pack is where', async () => {
    expect(accountStatus(accountId(1), await momentOf(variety(), 2_000))).toMatchObject({
      time: '1970-01-01T00:00:02.000Z',
      accountId: accountId(1),
      name: 'zulu',
      accountState: 'SUSPENDED',
      joinedAt: '1970-01-01T00:00:01.000Z',
      packs: [
        { source: 'default', region: 'eu-west-1', pack: 'A', excuse: 'inactive' },
        { source: 'default', region: 'eu-west-2', pack: 'B' },
      ],
    });
  });

  it('is none where nobody knows it', async () => {
    expect(accountStatus(accountId(9), await momentOf(variety()))).toBeUndefined();
    expect(accountStatus('<script>', await momentOf(storeOf([snapshotOf([packOf('A')])])))).toBe(
      undefined,
    );
  });
});
