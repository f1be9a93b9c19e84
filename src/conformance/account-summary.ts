import type { AccountColumns } from './account-columns.js';
import { ERROR_CODES } from './error-code.js';
import { outcomeOf, type Outcome } from './status.js';

/** How many of the accounts with one outcome there are, and what AWS reports about them. */
export interface OutcomeCount {
  accounts: number;
  /** Those with an update time. */
  dated: number;
  /** Those with an error code. */
  erroneous: number;
  /** Oldest update, in milliseconds since the epoch; `undefined` where none is dated. */
  oldest: number | undefined;
}

/** What the accounts of a pack come to, counted once when the columns are built. */
export interface AccountSummary {
  /** Accounts by status: all nine known ones, and those unknown ones that occur. */
  readonly byStatus: ReadonlyMap<string, number>;
  readonly byOutcome: Readonly<Record<Outcome, Readonly<OutcomeCount>>>;
  /** Failed accounts by error code; sums to the failed. */
  readonly failedByCode: ReadonlyMap<string, number>;
}

export function summarize(columns: AccountColumns): AccountSummary {
  const counts = columns.statuses.map((status) => ({
    status,
    outcome: outcomeOf(status),
    accounts: 0,
  }));
  const failedByCode = new Map<string, number>();
  const byOutcome: Record<Outcome, OutcomeCount> = {
    failed: noAccounts(),
    in_progress: noAccounts(),
    successful: noAccounts(),
    unknown: noAccounts(),
  };
  for (let row = 0; row < columns.rows; row++) {
    const status = counts[columns.status[row] ?? 0];
    if (status === undefined) continue;
    status.accounts++;
    const group = byOutcome[status.outcome];
    group.accounts++;
    const updatedAt = columns.updatedAt[row] ?? NaN;
    if (!Number.isNaN(updatedAt)) {
      group.dated++;
      group.oldest = Math.min(group.oldest ?? Infinity, updatedAt);
    }
    const code = ERROR_CODES[(columns.errorCode[row] ?? 0) - 1];
    if (code !== undefined) {
      group.erroneous++;
      if (status.outcome === 'failed') failedByCode.set(code, (failedByCode.get(code) ?? 0) + 1);
    }
  }
  return {
    byStatus: new Map(counts.map(({ status, accounts }) => [status, accounts])),
    byOutcome,
    failedByCode,
  };
}

function noAccounts(): OutcomeCount {
  return { accounts: 0, dated: 0, erroneous: 0, oldest: undefined };
}
