import type { AccountSummary } from './account-summary.js';
import { outcomeOf } from './status.js';

/** Our own verdict on a pack, derived from its member accounts. */
export const ROLLOUTS = ['complete', 'in_progress', 'failed', 'deleted', 'unknown'] as const;
export type Rollout = (typeof ROLLOUTS)[number];

const DELETED = 'DELETE_SUCCESSFUL';

/**
 * The verdict on a pack whose accounts come to `summary`; `undefined` where they have not been read,
 * or so long ago that nobody should rely on it. One failed account is a failure, whatever the others
 * say; accounts that AWS does not report do not enter.
 */
export function rolloutOf(summary: AccountSummary | undefined): Rollout {
  if (summary === undefined) return 'unknown';
  const { failed, in_progress: inProgress, successful, unknown } = summary.byOutcome;
  const reported = failed.accounts + inProgress.accounts + successful.accounts + unknown.accounts;
  if (reported === 0) return 'unknown';
  if (failed.accounts > 0) return 'failed';
  if (inProgress.accounts > 0) return 'in_progress';
  if (unknown.accounts > 0) return 'unknown';
  return summary.byStatus.get(DELETED) === reported ? 'deleted' : 'complete';
}

/**
 * Whether the roll-up that AWS gives disagrees with the accounts that it reports; `undefined` where
 * either says nothing. AWS has been seen to leave a roll-up in progress for ever, so that it is
 * worth asking. A roll-up in progress is right as long as any account is, though others have failed.
 */
export function isMismatch(rollUpStatus: string, summary: AccountSummary): boolean | undefined {
  const rollUp = rolloutOfStatus(rollUpStatus);
  const rollout = rolloutOf(summary);
  if (rollUp === 'unknown' || rollout === 'unknown') return undefined;
  if (rollUp === 'in_progress' && summary.byOutcome.in_progress.accounts > 0) return false;
  return rollUp !== rollout;
}

/** What the roll-up says of the roll-out. */
function rolloutOfStatus(status: string): Rollout {
  const outcome = outcomeOf(status);
  if (outcome !== 'successful') return outcome;
  return status === DELETED ? 'deleted' : 'complete';
}
