import { describe, expect, it } from 'vitest';
import { Store, type LastRefresh } from '../../../src/refresh/store.js';
import { snapshotOf } from '../../support/render.js';

const scopes = ['eu-west-1', 'us-east-1'].map((region) => ({
  scope: { source: 'default', region },
  expectedPacks: [],
}));
const good: LastRefresh = { endedAt: 5, durationMs: 1, successful: true, failures: [] };
const bad: LastRefresh = { ...good, endedAt: 9, successful: false };

describe('Store', () => {
  it('keeps the last snapshot where a refresh brings none', () => {
    const store = new Store(scopes);
    const snapshot = snapshotOf([]);
    store.complete(0, good, snapshot);
    store.complete(0, bad, undefined);
    expect(store.state(0)).toMatchObject({ snapshot, lastRefresh: bad, lastSuccessAt: 5 });
    expect(store.state(1).snapshot).toBeUndefined();
  });

  it('has been tried once every scope has, successfully or not', () => {
    const store = new Store(scopes);
    store.complete(0, good, snapshotOf([]));
    expect(store.tried).toBe(false);
    store.complete(1, bad, undefined);
    expect(store.tried).toBe(true);
  });

  it('changes its version with what it knows, and not with progress', () => {
    const store = new Store(scopes);
    const { version } = store;
    store.progress(0, { done: 1, expected: 2, sized: false });
    store.idle(0);
    expect(store.version).toBe(version);
    store.complete(0, good, snapshotOf([]));
    expect(store.version).not.toBe(version);
  });
});
