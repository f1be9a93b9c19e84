/**
 * The statuses that AWS Config reports for an organization conformance pack as a whole and for each
 * member account in it: the same nine at both levels (service model of AWS Config).
 */
export const STATUSES = [
  'CREATE_SUCCESSFUL',
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'UPDATE_SUCCESSFUL',
  'UPDATE_IN_PROGRESS',
  'UPDATE_FAILED',
  'DELETE_SUCCESSFUL',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
] as const;

/** What a status says of the deployment; `unknown` for a status that AWS added after this release. */
export type Outcome = 'failed' | 'in_progress' | 'successful' | 'unknown';

const known: ReadonlySet<string> = new Set(STATUSES);

/** Whether a status is one of {@link STATUSES}. */
export function isKnownStatus(status: string): boolean {
  return known.has(status);
}

/** Whether a status says that a deployment is being, or has been, deleted. */
export function isDeletion(status: string): boolean {
  return status.startsWith('DELETE_');
}

export function outcomeOf(status: string): Outcome {
  if (!isKnownStatus(status)) return 'unknown';
  if (status.endsWith('_FAILED')) return 'failed';
  return status.endsWith('_IN_PROGRESS') ? 'in_progress' : 'successful';
}

/** Of two reports about the same thing at the same time, the graver one is believed. */
const GRAVITY: Record<Outcome, number> = { failed: 3, in_progress: 2, unknown: 1, successful: 0 };

interface Report {
  readonly status: string;
  /** Milliseconds since the epoch; absent where AWS reports no time. */
  readonly updatedAt?: number | undefined;
}

/**
 * Whether `candidate` replaces `current` where AWS reports the same pack or account twice: the
 * newer one wins, then FAILED before IN_PROGRESS before SUCCESSFUL. A report without a time is the
 * oldest.
 */
export function supersedes(candidate: Report, current: Report): boolean {
  const age = (candidate.updatedAt ?? -Infinity) - (current.updatedAt ?? -Infinity);
  if (age > 0 || age < 0) return age > 0;
  return GRAVITY[outcomeOf(candidate.status)] > GRAVITY[outcomeOf(current.status)];
}
