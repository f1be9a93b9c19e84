import { describe, expect, it } from 'vitest';
import { allPacks, packPage, type PackQuery } from '../../../src/status/pack-list.js';
import { packOf } from '../../support/columns.js';
import { accountId, learnOrganization, momentOf, packWith, reports } from '../../support/moment.js';
import { snapshotOf, storeOf } from '../../support/render.js';

const WORST: PackQuery = {
  q: '',
  sort: { key: 'worst', descending: false },
  limit: 100,
  offset: 0,
};

const FAILED = { status: 'CREATE_FAILED' };

/** A pack for each degree of concern, in an order that is none. */
function variety() {
  const packs = [
    packWith('Complete', reports('CREATE_SUCCESSFUL', 3)),
    packWith('Deleted', reports('DELETE_SUCCESSFUL', 3), { status: 'DELETE_SUCCESSFUL' }),
    packWith('Failed-More', reports('CREATE_FAILED', 3), FAILED),
    packWith('Failed-Less', reports('CREATE_FAILED', 1), FAILED),
    packOf('Unread'),
    packOf('Unread-Failed', { rollUp: FAILED }),
    packWith('In-Progress', reports('UPDATE_IN_PROGRESS', 3), { status: 'UPDATE_IN_PROGRESS' }),
    packWith('Mismatch', reports('CREATE_SUCCESSFUL', 3), { status: 'CREATE_IN_PROGRESS' }),
    packWith('Incomplete', reports('CREATE_SUCCESSFUL', 2)),
  ];
  const store = storeOf([snapshotOf(packs)], ['Absent']);
  learnOrganization(
    store,
    [1, 2, 3].map((n) => ({ id: accountId(n) })),
  );
  return store;
}

const namesOf = (packs: readonly { readonly pack: string }[]) => packs.map(({ pack }) => pack);

describe('the list of packs', () => {
  it('puts first what needs somebody most', async () => {
    const order = [
      'Failed-More',
      'Failed-Less',
      'Absent',
      'Unread-Failed',
      'Unread',
      'In-Progress',
      'Incomplete',
      'Mismatch',
      'Complete',
      'Deleted',
    ];
    const moment = await momentOf(variety());
    expect(namesOf(allPacks(moment))).toEqual(order);
    expect(namesOf(packPage(moment, WORST).items)).toEqual(order);
    const better = packPage(moment, { ...WORST, sort: { key: 'worst', descending: true } });
    expect(better.items[0]?.pack).toBe('Deleted');
  });

  it('is filtered by state, by scope, and by any part of a name in any case', async () => {
    const store = storeOf([
      snapshotOf([packWith('Base', reports('CREATE_FAILED', 1))]),
      snapshotOf([packWith('Base', reports('CREATE_SUCCESSFUL', 1)), packWith('Other', [])]),
    ]);
    const moment = await momentOf(store);
    const found = (more: Partial<PackQuery>) =>
      packPage(moment, { ...WORST, ...more }).items.map(({ pack, region }) => `${region}/${pack}`);
    expect(found({ state: 'failed' })).toEqual(['eu-west-1/Base']);
    expect(found({ region: 'eu-west-2' })).toEqual(['eu-west-2/Other', 'eu-west-2/Base']);
    expect(found({ q: '  bAsE ' })).toEqual(['eu-west-1/Base', 'eu-west-2/Base']);
    expect(found({ q: 'WEST-2', state: 'complete' })).toEqual(['eu-west-2/Base']);
    expect(found({ source: 'nobody' })).toEqual([]);
  });

  it('is cut to the part that is asked for, and tells how many there are', async () => {
    const moment = await momentOf(variety());
    const page = packPage(moment, { ...WORST, limit: 3, offset: 8 });
    expect(namesOf(page.items)).toEqual(['Complete', 'Deleted']);
    expect(page).toMatchObject({ total: 10, limit: 3, offset: 8 });
    expect(packPage(moment, { ...WORST, offset: 11 }).items).toEqual([]);
  });

  it('puts last what has nothing to be sorted by, either way', async () => {
    const rollUp = (updatedAt?: number) => ({ status: 'CREATE_SUCCESSFUL', updatedAt });
    const packs = [
      packWith('None', [], rollUp()),
      packWith('Old', [], rollUp(1)),
      packWith('New', [], rollUp(2)),
    ];
    const moment = await momentOf(storeOf([snapshotOf(packs)]));
    const sorted = (descending: boolean) =>
      namesOf(packPage(moment, { ...WORST, sort: { key: 'updatedAt', descending } }).items);
    expect(sorted(false)).toEqual(['Old', 'New', 'None']);
    expect(sorted(true)).toEqual(['New', 'Old', 'None']);
  });

  it('leaves out an expected pack of which nothing is known', async () => {
    const filtered = storeOf([snapshotOf([], { listed: new Set(['Base']) })], ['Base']);
    expect(allPacks(await momentOf(filtered))).toEqual([]);
    const old = storeOf([snapshotOf([])], ['Base']);
    expect(allPacks(await momentOf(old, 0, 1_000))).toMatchObject([
      { pack: 'Base', state: 'absent' },
    ]);
    expect(allPacks(await momentOf(old, 1_001, 1_000))).toEqual([]);
  });
});
