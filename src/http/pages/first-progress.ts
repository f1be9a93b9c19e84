import type { ScopeStatus } from '../../status/scope-status.js';
import { isUnread } from './headline.js';

/** How far the first refreshes have come. */
export interface FirstProgress {
  /** Scopes of which the first refresh has ended, well or badly, or that are known from before. */
  readonly read: number;
  /** Of the scopes that are being read: packs whose accounts have been read, of those that were listed. */
  readonly packs: { readonly done: number; readonly expected: number };
  /** Of all scopes alike, however many packs each has. */
  readonly percent: number;
}

export function firstProgressOf(scopes: readonly ScopeStatus[]): FirstProgress {
  let read = 0;
  let shares = 0;
  const packs = { done: 0, expected: 0 };
  for (const scope of scopes) {
    const { progress } = scope;
    if (!isUnread(scope)) {
      read++;
      shares++;
    } else if (progress !== undefined) {
      shares += progress.done / progress.expected;
      // One part is the listing.
      packs.done += Math.max(0, progress.done - 1);
      packs.expected += progress.expected - 1;
    }
  }
  return { read, packs, percent: Math.floor((100 * shares) / Math.max(1, scopes.length)) };
}
