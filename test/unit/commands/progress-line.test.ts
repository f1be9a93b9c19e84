import { describe, expect, it } from 'vitest';
import { progressText } from '../../../src/commands/progress-line.js';
import { completeWith, snapshotOf, storeOf } from '../../support/render.js';
import { Store } from '../../../src/refresh/store.js';

describe('progressText', () => {
  const scopesOf = (...regions: string[]) =>
    new Store(regions.map((region) => ({ scope: { source: 'x', region }, expectedPacks: [] })));

  it('tells the calls of a scope, and what is left of them', () => {
    const store = scopesOf('a');
    store.progress(0, { done: 12, expected: 5_001, sized: false, callMs: 200 });
    expect(progressText(store)).toBe('Reading AWS: 12 calls');
    store.progress(0, { done: 1_200, expected: 5_001, sized: true, callMs: 200 });
    expect(progressText(store)).toBe('Reading AWS: 1,200 of 5,001 calls, about 12m41s left');
    store.progress(0, { done: 5_001, expected: 5_001, sized: true, callMs: 200 });
    expect(progressText(store)).toBe('Reading AWS: 5,001 of 5,001 calls');
  });

  it('sums up all scopes, which take as long as the longest', () => {
    const store = scopesOf('a', 'b', 'c');
    store.progress(0, { done: 5, expected: 15, sized: true, callMs: 1_000 });
    store.progress(1, { done: 6, expected: 10, sized: true, callMs: 500 });
    const calls = 'Reading AWS: 0 of 3 scopes, 11 of 25 calls, about 10s left';
    expect(progressText(store)).toBe(calls);
    completeWith(store, snapshotOf([]), 1);
    store.idle(1);
    expect(progressText(store)).toBe('Reading AWS: 1 of 3 scopes, 5 of 15 calls, about 10s left');
  });

  it('says when only the accounts of the organization are left, and nothing when all is done', () => {
    const store = scopesOf('a');
    completeWith(store, snapshotOf([]));
    expect(progressText(store)).toBe('Reading AWS: accounts and names');
    expect(progressText(storeOf([snapshotOf([])]))).toBeUndefined();
  });
});
