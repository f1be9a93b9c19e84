import { createHash } from 'node:crypto';
import { rolloutOf } from '../conformance/rollout.js';
import type { Pack, Scope } from '../conformance/snapshot.js';

/**
 * Packs at rest need not be read at each refresh: their accounts are read at every so many refreshes,
 * some at each, so that calls are spread evenly. AWS need not tell that an account has changed, so
 * that a pack is never left alone for longer, whatever its roll-up says.
 */

/** What one refresh is to read in any case. */
export interface Sweep {
  /** Accounts that were read before are too old to be left alone. Milliseconds since the epoch. */
  readonly readSince: number;
  /** Whether it is this pack's turn. */
  readonly isTurn: (pack: string) => boolean;
}

/**
 * Plans the refreshes of a scope one after the other, each when it starts; `every` is at least 1. The
 * first reads everything, whatever is known from before.
 */
export function planSweeps(every: number, scope: Scope): (startedAt: number) => Sweep {
  /** When the last refreshes started, this one among them: as many as a pack may be left alone. */
  let starts: readonly number[] = [];
  let refreshes = 0;
  return (startedAt) => {
    starts = [...starts, startedAt].slice(-every);
    const turn = refreshes++ % every;
    return {
      readSince: starts[0] ?? startedAt,
      isTurn: (pack) => turnOf(pack, scope, every) === turn,
    };
  };
}

function turnOf(pack: string, { region, source }: Scope, every: number): number {
  const key = `sweep\n${source}\n${region}\n${pack}`;
  return createHash('sha256').update(key).digest().readUInt32BE() % every;
}

/**
 * Whether the accounts of a pack may be left as they were last read: the pack is complete or deleted,
 * and so AWS has said; nothing about it has changed since; and it is neither its turn nor overdue.
 */
export function mayRest(
  { name, rollUp }: Pick<Pack, 'name' | 'rollUp'>,
  last: Pack | undefined,
  sweep: Sweep,
): boolean {
  const detail = last?.detail;
  if (detail?.rollUp === undefined) return false;
  const rollout = rolloutOf(detail.summary);
  return (
    detail.readAt >= sweep.readSince &&
    !sweep.isTurn(name) &&
    (rollout === 'complete' || rollout === 'deleted') &&
    detail.mismatch === false &&
    detail.rollUp.status === rollUp.status &&
    detail.rollUp.updatedAt === rollUp.updatedAt
  );
}
