import { rolloutOf } from '../conformance/rollout.js';
import type { Pack } from '../conformance/snapshot.js';

/**
 * Packs at rest need not be read at each refresh: their accounts are read at every so many refreshes,
 * a share of the packs at each, so that calls are spread evenly. AWS need not tell that an account has
 * changed, so that a pack is never left alone for longer, whatever its roll-up says.
 */

/** What one refresh is to read in any case. */
export interface Sweep {
  /** How many refreshes make a round, in which each pack is read once. */
  readonly every: number;
  /** Which one of the round this is, from 0. */
  readonly turn: number;
  /** Accounts that were read before are too old to be left alone. Milliseconds since the epoch. */
  readonly readSince: number;
}

/**
 * Plans the refreshes of a scope one after the other, each when it starts; `every` is at least 1. The
 * first reads everything, whatever is known from before.
 */
export function planSweeps(every: number): (startedAt: number) => Sweep {
  /** When the last refreshes started, this one among them: as many as a pack may be left alone. */
  let starts: readonly number[] = [];
  let refreshes = 0;
  return (startedAt) => {
    starts = [...starts, startedAt].slice(-every);
    return { every, turn: refreshes++ % every, readSince: starts[0] ?? startedAt };
  };
}

/** A pack that is listed, and what is known of it. */
export interface ListedPack extends Pick<Pack, 'rollUp'> {
  readonly last: Pack | undefined;
}

/**
 * The packs whose accounts may be left as they were last read: those at rest, but for the share that was
 * read longest ago, and whatever is overdue.
 */
export function resting<Listed extends ListedPack>(
  packs: readonly Listed[],
  { every, readSince, turn }: Sweep,
): ReadonlySet<Listed> {
  const atRest = packs.filter(isAtRest).sort((a, b) => readAt(a) - readAt(b));
  // Whole packs, and over a round as many as there are.
  const until = (turns: number) => Math.floor((turns * atRest.length) / every);
  const share = until(turn + 1) - until(turn);
  return new Set(atRest.slice(share).filter((pack) => readAt(pack) >= readSince));
}

/** The most of so many packs at rest that one refresh of a round reads. */
export function mostSwept(atRest: number, every: number): number {
  return Math.ceil(atRest / every);
}

/** Whether a pack is complete or deleted, and so AWS has said; and nothing about it has changed since. */
function isAtRest({ last, rollUp }: ListedPack): boolean {
  const detail = last?.detail;
  if (detail?.rollUp === undefined) return false;
  const rollout = rolloutOf(detail.summary);
  return (
    (rollout === 'complete' || rollout === 'deleted') &&
    detail.mismatch === false &&
    detail.rollUp.status === rollUp.status &&
    detail.rollUp.updatedAt === rollUp.updatedAt
  );
}

/** When the accounts of a pack were last read, in milliseconds since the epoch; 0 for never. */
export function readAt({ last }: Pick<ListedPack, 'last'>): number {
  return last?.detail?.readAt ?? 0;
}
