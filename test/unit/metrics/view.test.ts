import { describe, expect, it } from 'vitest';
import { Views } from '../../../src/metrics/view.js';
import { packOf } from '../../support/columns.js';
import { completeWith, snapshotOf, storeOf, VIEW_DEFAULTS } from '../../support/render.js';

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
});
