import type { Writable } from 'node:stream';
import type { Store } from '../refresh/store.js';

const PERIOD_MS = 250;

export interface ProgressLineOptions {
  readonly store: Store;
  readonly clock: () => number;
  /** A terminal. */
  readonly terminal: Writable;
}

/** Shows on one line of a terminal how far a refresh has come. Returns what takes it away again. */
export function showProgress({ clock, store, terminal }: ProgressLineOptions): () => void {
  const startedAt = clock();
  const timer = setInterval(() => {
    const line = progressText(store, clock() - startedAt);
    if (line !== undefined) terminal.write(`\r\u001b[K${line}`);
  }, PERIOD_MS);
  return () => {
    clearInterval(timer);
    terminal.write('\r\u001b[K');
  };
}

/** How far all scopes together have come; `undefined` where none is under way. */
export function progressText({ states }: Store, elapsedMs: number): string | undefined {
  const underWay = states.filter(({ progress }) => progress !== undefined);
  if (underWay.length === 0) return undefined;
  let done = 0;
  let expected = 0;
  for (const { lastRefresh, progress } of states) {
    // What has not begun, or has not been listed yet, is at least one part.
    done += progress?.done ?? Number(lastRefresh !== undefined);
    expected += progress?.expected ?? 1;
  }
  const left = done === 0 ? NaN : (elapsedMs * (expected - done)) / done / 1000;
  const rest = Number.isNaN(left) ? '' : `, some ${Math.ceil(left)} s left`;
  return `Reading AWS: ${done} of ${expected} listings and packs${rest}`;
}
