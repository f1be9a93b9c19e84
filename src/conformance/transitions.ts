import type { AccountColumns } from './account-columns.js';
import { STATUSES } from './status.js';

/**
 * The accounts whose status differs between two readings of a pack, 5 bytes each: in a mass failure
 * they are all of them. Of the earlier reading nothing but the names of its statuses is held.
 */
export interface Transitions {
  /** The later reading. */
  readonly accounts: AccountColumns;
  /** Rows in it, in ascending order. */
  readonly rows: Uint32Array;
  /** What the account of each of these rows was: index into `statuses`. */
  readonly from: Uint8Array;
  readonly statuses: readonly string[];
}

/** One account whose status changed. */
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
 * The transitions between two complete readings of one pack. Both hold their rows sorted by account
 * id. An account that appears or vanishes has made no transition.
 */
export function transitionsBetween(before: AccountColumns, after: AccountColumns): Transitions {
  const rows = new Uint32Array(after.rows);
  const from = new Uint8Array(after.rows);
  let count = 0;
  let earlier = 0;
  for (let row = 0; row < after.rows; row++) {
    const id = idAt(after, row);
    while (earlier < before.rows && idAt(before, earlier) < id) earlier++;
    if (earlier === before.rows) break;
    if (idAt(before, earlier) !== id) continue;
    if (statusAt(before, earlier) === statusAt(after, row)) continue;
    rows[count] = row;
    from[count] = before.status[earlier] ?? 0;
    count++;
  }
  const { statuses } = before;
  return { accounts: after, rows: rows.slice(0, count), from: from.slice(0, count), statuses };
}

/** One after the other, in the order of their rows. */
export function* eachTransition({
  accounts,
  from,
  rows,
  statuses,
}: Transitions): Generator<Transition> {
  for (const [index, row] of rows.entries()) {
    yield { row, from: statuses[from[index] ?? 0] ?? '', to: statusAt(accounts, row) };
  }
}

/** The counts with some transitions added. */
export function countTransitions(
  counts: TransitionCounts,
  transitions: Transitions,
): TransitionCounts {
  const sum = new Map(counts);
  for (const { to } of eachTransition(transitions)) sum.set(to, (sum.get(to) ?? 0) + 1);
  return sum;
}

function idAt(columns: AccountColumns, row: number): string {
  return columns.ids[columns.account[row] ?? 0] ?? '';
}

function statusAt(columns: AccountColumns, row: number): string {
  return columns.statuses[columns.status[row] ?? 0] ?? '';
}
