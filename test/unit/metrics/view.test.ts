import { describe, expect, it } from 'vitest';
import { Views } from '../../../src/metrics/view.js';
import { detailOf, packOf } from '../../support/columns.js';
import {
  completeWith,
  learnAccounts,
  snapshotOf,
  storeOf,
  VIEW_DEFAULTS,
} from '../../support/render.js';

const id = (n: number) => String(n).padStart(12, '0');
const names = ({ packs }: { packs: readonly { name: string }[] }) => packs.map(({ name }) => name);

describe('Views', () => {
  it('makes a view once for a state', async () => {
    const views = new Views(storeOf([snapshotOf([packOf('A')])]), VIEW_DEFAULTS);
    const [one, two] = await Promise.all([views.at(0), views.at(1)]);
    expect(two).toBe(one);
    expect(await views.at(2)).toBe(one);
    expect(views.last).toBe(one);
  });

  it('shows whoever asks after a refresh what it brought, though a view was being made', async () => {
    const store = storeOf([snapshotOf([packOf('A')])]);
    const views = new Views(store, VIEW_DEFAULTS);
    const before = views.at(0);
    completeWith(store, snapshotOf([packOf('B')]));
    const after = views.at(0);
    expect(names(await before)).toEqual(['A']);
    expect(names(await after)).toEqual(['B']);
  });

  describe('without a refresh between two scrapes', () => {
    const HOUR = 3_600_000;
    const failed = (n: number) => ({ accountId: id(n), status: 'CREATE_FAILED', updatedAt: 1 });
    const store = () => {
      const description = { arn: 'arn:x', excludedAccounts: [] };
      const pack = packOf('A', { detail: detailOf([failed(1)]), description });
      const made = storeOf([snapshotOf([pack])]);
      learnAccounts(made, [id(1), id(2)], 10 * HOUR);
      return made;
    };

    it('an account stops being new after seven hours', async () => {
      const views = new Views(store(), VIEW_DEFAULTS);
      const excused = async (now: number) => {
        const [pack] = (await views.at(now)).packs;
        return pack?.coverage?.excused.get('CREATE_FAILED')?.new;
      };
      expect(await excused(17 * HOUR - 1)).toBe(1);
      expect(await excused(17 * HOUR)).toBe(0);
    });

    it('accounts of the organization are withdrawn when they are too old', async () => {
      const views = new Views(store(), { ...VIEW_DEFAULTS, accountsMaxStalenessMs: 20 * HOUR });
      const seen = async (now: number) => {
        const { packs, sources } = await views.at(now);
        return [packs[0]?.coverage?.missing.length, sources[0]?.organization?.accounts.size];
      };
      expect(await seen(20 * HOUR)).toEqual([1, 2]);
      expect(await seen(20 * HOUR + 1)).toEqual([undefined, undefined]);
    });
  });
});
