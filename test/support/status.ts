import type { TestCollector } from './simulated.js';
import { Views } from '../../src/metrics/view.js';
import type { Shard } from '../../src/refresh/shard.js';
import { Store } from '../../src/refresh/store.js';
import { createStatusReader, type StatusReader } from '../../src/status/status.js';
import { VIEW_DEFAULTS } from './render.js';

export const WHOLE: Shard = { index: 0, total: 1 };

/** What the pages and the JSON show of a store at a moment, in milliseconds since the epoch. */
export function statusOf(store: Store, now = 0, maxStalenessMs = 0, shard = WHOLE): StatusReader {
  const views = new Views(store, { ...VIEW_DEFAULTS, maxStalenessMs });
  return createStatusReader({ store, views, shard, version: '1.2.3', clock: () => now });
}

/** What they show of an exporter on a simulated AWS, now. */
export function statusOfExporter({ collector: { store, views } }: TestCollector): StatusReader {
  return createStatusReader({ store, views, shard: WHOLE, version: '1.2.3', clock: Date.now });
}

/** What they show of an exporter that has nothing to read. */
export const NOTHING_KNOWN = statusOf(new Store([]));
