import { ERROR_CODES } from './error-code.js';
import { outcomesOf, type AccountColumns } from './account-columns.js';
import type { Outcome } from './status.js';

/** What the accounts of a pack come to, counted once when the columns are built. */
export interface AccountSummary {
  /** Accounts by status: all nine known ones, and those unknown ones that occur. */
  readonly byStatus: ReadonlyMap<string, number>;
  readonly byOutcome: Readonly<Record<Outcome, number>>;
  /** Failed accounts by error code; sums to the failed. */
  readonly failedByCode: ReadonlyMap<string, number>;
  /** Oldest update among the failed accounts, in milliseconds since the epoch. */
  readonly oldestFailed: number | undefined;
  /** Oldest update among the accounts in progress, in milliseconds since the epoch. */
  readonly oldestInProgress: number | undefined;
}

export function summarize(columns: AccountColumns): AccountSummary {
  const outcomes = outcomesOf(columns);
  const counts = columns.statuses.map(() => 0);
  const codes = new Map<string, number>();
  const byOutcome: Record<Outcome, number> = { failed: 0, in_progress: 0, successful: 0, unknown: 0 };
  const oldest: Record<Outcome, number> = {
    failed: Infinity,
    in_progress: Infinity,
    successful: Infinity,
    unknown: Infinity,
  };
  for (let row = 0; row < columns.rows; row++) {
    const status = columns.status[row] ?? 0;
    const outcome = outcomes[status] ?? 'unknown';
    const updatedAt = columns.updatedAt[row] ?? NaN;
    counts[status] = (counts[status] ?? 0) + 1;
    byOutcome[outcome] += 1;
    if (updatedAt < oldest[outcome]) oldest[outcome] = updatedAt;
    if (outcome === 'failed') {
      const code = ERROR_CODES[(columns.errorCode[row] ?? 0) - 1] ?? '';
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  }
  return {
    byStatus: new Map(columns.statuses.map((status, index) => [status, counts[index] ?? 0])),
    byOutcome,
    failedByCode: codes,
    oldestFailed: finite(oldest.failed),
    oldestInProgress: finite(oldest.in_progress),
  };
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
