import type { AccountColumns } from './account-columns.js';
import { STATUSES } from './status.js';

/** One account whose status changed between two readings of a pack. */
export interface Transition {
  /** Row of the account in the later columns. */
  readonly row: number;
  readonly from: string;
  readonly to: string;
}

/** Transitions seen so far, by the status that they led to. */
export type TransitionCounts = ReadonlyMap<string, number>;

/** What a pack starts with: every known status at 0, so that the first transition is an increase. */
export const NO_TRANSITIONS: TransitionCounts = new Map(STATUSES.map((status) => [status, 0]));

/**
 * The accounts whose status differs between two complete readings of one pack. Both hold their rows
 * sorted by account id. An account that appears or vanishes has made no transition.
 */
export function* transitionsBetween(
  before: AccountColumns,
  after: AccountColumns,
): Generator<Transition> {
  let earlier = 0;
  for (let row = 0; row < after.rows; row++) {
    const id = idAt(after, row);
    while (earlier < before.rows && idAt(before, earlier) < id) earlier++;
    if (earlier === before.rows) return;
    if (idAt(before, earlier) !== id) continue;
    const from = statusAt(before, earlier);
    const to = statusAt(after, row);
    if (from !== to) yield { row, from, to };
  }
}

/** The counts with some transitions added. */
export function countTransitions(
  counts: TransitionCounts,
  transitions: Iterable<Transition>,
): TransitionCounts {
  const sum = new Map(counts);
  for (const { to } of transitions) sum.set(to, (sum.get(to) ?? 0) + 1);
  return sum;
}

function idAt(columns: AccountColumns, row: number): string {
  return columns.ids[columns.account[row] ?? 0] ?? '';
}

function statusAt(columns: AccountColumns, row: number): string {
  return columns.statuses[columns.status[row] ?? 0] ?? '';
}
