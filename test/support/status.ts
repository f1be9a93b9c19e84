import { Views } from '../../src/metrics/view.js';
import type { Store } from '../../src/refresh/store.js';
import { createStatus, type Status } from '../../src/status/status.js';
import { VIEW_DEFAULTS } from './render.js';

/** What the pages and the JSON show of a store at a moment, in milliseconds since the epoch. */
export function statusOf(store: Store, now = 0, maxStalenessMs = 0): Status {
  return createStatus({
    store,
    views: new Views(store, { ...VIEW_DEFAULTS, maxStalenessMs }),
    maxStalenessMs,
    version: '1.2.3',
    clock: () => now,
  });
}
