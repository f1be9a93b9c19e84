import { describe, expect, it } from 'vitest';
import { progressText } from '../../../src/commands/progress-line.js';
import { completeWith, snapshotOf, storeOf } from '../../support/render.js';
import { Store } from '../../../src/refresh/store.js';

describe('progressText', () => {
  it('sums up all scopes, and tells what is left at the rate so far', () => {
    const store = new Store(
      ['a', 'b', 'c'].map((region) => ({ scope: { source: 'x', region }, expectedPacks: [] })),
    );
    expect(progressText(store, 0)).toBeUndefined();
    store.progress(0, { done: 0, expected: 1 });
    expect(progressText(store, 100)).toBe('Reading AWS: 0 of 3 listings and packs');
    store.progress(0, { done: 5, expected: 8 });
    expect(progressText(store, 10_000)).toBe(
      'Reading AWS: 5 of 10 listings and packs, some 10 s left',
    );
    completeWith(store, snapshotOf([]), 1);
    expect(progressText(store, 12_000)).toBe(
      'Reading AWS: 6 of 10 listings and packs, some 8 s left',
    );
  });

  it('has nothing to say when all is done', () => {
    expect(progressText(storeOf([snapshotOf([])]), 1)).toBeUndefined();
  });
});
