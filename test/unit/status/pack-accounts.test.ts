import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../../src/conformance/status.js';
import type { Store } from '../../../src/refresh/store.js';
import { STANDINGS } from '../../../src/status/members.js';
import { selectAccounts, type PackAccountSelection } from '../../../src/status/pack-accounts.js';
import { findPack } from '../../../src/status/pack-detail.js';
import { accountId, learnOrganization, momentOf, packWith } from '../../support/moment.js';
import { snapshotOf, storeOf } from '../../support/render.js';

const HOUR = 3_600_000;
const ALL: PackAccountSelection = { q: '', sort: { key: 'standing', descending: false } };

async function accountsIn(store: Store, selection: Partial<PackAccountSelection> = {}, now = 0) {
  const moment = await momentOf(store, now);
  const pack = findPack(moment, { source: 'default', region: 'eu-west-1', pack: 'Base' });
  if (pack === undefined) throw new Error('no such pack');
  const selected = selectAccounts(pack.view, { ...ALL, ...selection }, moment);
  return [...selected.numbers].map(selected.accountAt);
}

/** Two that failed, one in progress, one in no known status, two that are done, two that are missing. */
function variety(): Store {
  const pack = packWith('Base', [
    { accountId: accountId(1), status: 'CREATE_SUCCESSFUL', updatedAt: 10 },
    {
      accountId: accountId(2),
      status: 'CREATE_FAILED',
      updatedAt: 30,
      errorCode: 'NoSuchBucket',
      errorMessage: 'The Bucket is gone',
    },
    { accountId: accountId(3), status: 'UPDATE_IN_PROGRESS' },
    { accountId: accountId(4), status: 'PAUSED', updatedAt: 20, errorCode: 'Unheard' },
    { accountId: accountId(5), status: 'DELETE_SUCCESSFUL', updatedAt: 5 },
    { accountId: accountId(6), status: 'UPDATE_FAILED', updatedAt: 15 },
    { accountId: accountId(7), status: 'UPDATE_SUCCESSFUL' },
  ]);
  const store = storeOf([snapshotOf([pack])]);
  const unit = { unitId: 'ou-1', unitPath: 'Root/Prod' };
  learnOrganization(store, [
    { id: accountId(1), name: 'zulu', ...unit },
    { id: accountId(2), name: 'Alpha', ...unit },
    { id: accountId(5), name: 'mike' },
    { id: accountId(6), name: 'bravo', state: 'CLOSED' },
    { id: accountId(8), name: 'lost' },
  ]);
  return store;
}

const numbersOf = (accounts: readonly { readonly accountId: string }[]) =>
  accounts.map(({ accountId: id }) => Number(id));

describe('the accounts of a pack', () => {
  it('stand in the order of concern, each once, and the missing among them', async () => {
    const accounts = await accountsIn(variety());
    expect(numbersOf(accounts)).toEqual([2, 6, 5, 8, 4, 3, 1, 7]);
    expect(accounts.map(({ standing }) => standing)).toEqual([
      'failed',
      'failed',
      'missing',
      'missing',
      'unknown',
      'in_progress',
      'successful',
      'successful',
    ]);
  });

  it('tell what AWS reports and what the organization knows', async () => {
    const [failed, closed, deleted, lost] = await accountsIn(variety());
    expect(failed).toEqual({
      accountId: accountId(2),
      name: 'Alpha',
      ouId: 'ou-1',
      ouPath: 'Root/Prod',
      accountState: 'ACTIVE',
      standing: 'failed',
      status: 'CREATE_FAILED',
      errorCode: 'NoSuchBucket',
      errorMessage: 'The Bucket is gone',
      updatedAt: '1970-01-01T00:00:00.030Z',
    });
    expect(closed).toMatchObject({ errorCode: 'unspecified', excuse: 'inactive' });
    // From this one the pack was deleted, though others keep it.
    expect(deleted).toMatchObject({ standing: 'missing', status: 'DELETE_SUCCESSFUL' });
    expect(lost).toEqual({
      accountId: accountId(8),
      name: 'lost',
      accountState: 'ACTIVE',
      standing: 'missing',
    });
  });

  it('are excused where the organization did not have them, as having joined or left', async () => {
    const failed = { status: 'CREATE_FAILED' };
    const pack = packWith('Base', [
      { accountId: accountId(1), ...failed, updatedAt: 1 },
      { accountId: accountId(2), ...failed, updatedAt: -1 },
    ]);
    const store = storeOf([snapshotOf([pack])]);
    expect((await accountsIn(store)).map(({ excuse }) => excuse)).toEqual([undefined, undefined]);
    learnOrganization(store, []);
    expect((await accountsIn(store)).map(({ excuse }) => excuse)).toEqual(['new', 'inactive']);
  });

  it('are excused for as long as they are new', async () => {
    const pack = packWith('Base', [{ accountId: accountId(1), status: 'CREATE_FAILED' }]);
    const store = storeOf([snapshotOf([pack])]);
    learnOrganization(store, [{ id: accountId(1), joinedAt: 0 }]);
    expect((await accountsIn(store, {}, 7 * HOUR - 1))[0]?.excuse).toBe('new');
    expect((await accountsIn(store, {}, 7 * HOUR))[0]?.excuse).toBeUndefined();
  });

  it.each<[string, Partial<PackAccountSelection>, number[]]>([
    ['a part of the id', { q: '0006' }, [6]],
    ['a part of the name, in any case', { q: 'ALP' }, [2]],
    ['a part of the unit', { q: 'root/prod' }, [2, 1]],
    ['a part of the status', { q: 'paus' }, [4]],
    ['a part of the code', { q: 'unspec' }, [6]],
    ['a part of the code as AWS gave it', { q: 'unheard' }, [4]],
    ['a part of the message', { q: 'bucket is' }, [2]],
    ['a standing', { standing: 'missing' }, [5, 8]],
    ['a status', { status: 'UPDATE_FAILED' }, [6]],
    ['a code', { errorCode: 'NoSuchBucket' }, [2]],
    ['all of it', { q: 'o', standing: 'failed', errorCode: 'unspecified' }, [6]],
    ['nothing', { q: 'nowhere' }, []],
  ])('are found by %s', async (_what, selection, found) => {
    expect(numbersOf(await accountsIn(variety(), selection))).toEqual(found);
  });

  it.each<[PackAccountSelection['sort']['key'], number[], number[]]>([
    ['accountId', [1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]],
    ['name', [2, 6, 8, 5, 1, 3, 4, 7], [1, 5, 8, 6, 2, 3, 4, 7]],
    ['ouPath', [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]],
    ['status', [2, 1, 5, 4, 6, 3, 7, 8], [7, 3, 6, 4, 5, 1, 2, 8]],
    ['errorCode', [2, 4, 6, 1, 3, 5, 7, 8], [6, 4, 2, 1, 3, 5, 7, 8]],
    ['updatedAt', [5, 1, 6, 4, 2, 3, 7, 8], [2, 4, 6, 1, 5, 3, 7, 8]],
  ])('are sorted by %s, and the other way round', async (key, ascending, descending) => {
    const sorted = async (down: boolean) =>
      numbersOf(await accountsIn(variety(), { sort: { key, descending: down } }));
    expect(await sorted(false)).toEqual(ascending);
    expect(await sorted(true)).toEqual(descending);
  });

  it('are none where they have not been read', async () => {
    const store = storeOf([snapshotOf([{ ...packWith('Base', []), detail: undefined }])]);
    expect(await accountsIn(store)).toEqual([]);
  });

  it('are what a search of the finished rows finds', async () => {
    const number = fc.integer({ min: 1, max: 60 });
    const reported = fc.uniqueArray(
      fc.record({ n: number, status: fc.constantFrom(...STATUSES, 'PAUSED') }),
      { selector: ({ n }) => n, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        reported,
        fc.uniqueArray(number, { maxLength: 40 }),
        fc.constantFrom(undefined, ...STANDINGS),
        fc.constantFrom('', '1', 'n2', 'fail'),
        async (rows, known, standing, q) => {
          const pack = packWith(
            'Base',
            rows.map(({ n, status }) => ({ accountId: accountId(n), status })),
          );
          const store = storeOf([snapshotOf([pack])]);
          learnOrganization(
            store,
            known.map((n) => ({ id: accountId(n), name: `n${n}` })),
          );
          const all = await accountsIn(store);
          expect(new Set(numbersOf(all)).size).toBe(all.length);
          const wanted = all
            .filter((account) => standing === undefined || account.standing === standing)
            .filter(({ accountId: id, errorCode, name, status }) =>
              [id, name, status, errorCode].some((text) => text?.toLowerCase().includes(q)),
            );
          expect(await accountsIn(store, { standing, q })).toEqual(wanted);
        },
      ),
    );
  });
});
