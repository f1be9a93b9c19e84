import { AccountColumnsBuilder, AccountIds } from '../conformance/account-columns.js';
import { summarize, type AccountSummary } from '../conformance/account-summary.js';
import { EXCUSES } from '../conformance/coverage.js';
import { outcomeOf, STATUSES } from '../conformance/status.js';
import { NO_TRANSITIONS } from '../conformance/transitions.js';
import type { PackView } from '../metrics/pack-view.js';

export interface ImaginedAccounts {
  readonly successful: number;
  readonly failed: number;
  /** Whether they are held against the accounts of the organization. */
  readonly held: boolean;
}

/** A pack with so many accounts, as far as counting its samples goes. */
export function imaginedPack({ failed, held, successful }: ImaginedAccounts): PackView {
  const none = new AccountColumnsBuilder(new AccountIds()).build();
  const { byOutcome, ...rest } = summarize(none);
  const summary: AccountSummary = {
    ...rest,
    byOutcome: {
      ...byOutcome,
      successful: { accounts: successful, dated: successful, erroneous: 0, oldest: 0 },
      failed: { accounts: failed, dated: failed, erroneous: failed, oldest: 0 },
    },
    failedByCode: new Map(failed === 0 ? [] : [['other', failed]]),
  };
  const unsuccessful = STATUSES.filter((status) => outcomeOf(status) !== 'successful');
  const excuses = Object.fromEntries(EXCUSES.map((excuse) => [excuse, 0])) as {
    new: 0;
    inactive: 0;
  };
  const coverage = {
    missing: [],
    excluded: 0,
    excused: new Map(unsuccessful.map((status) => [status, excuses])),
    changesAt: Infinity,
  };
  return {
    scope: { source: '', region: '' },
    name: '',
    labels: '',
    rollUp: { status: 'CREATE_SUCCESSFUL', updatedAt: 0 },
    description: { arn: '', excludedAccounts: [] },
    detail: { readAt: 0, accounts: none, summary, mismatch: false },
    detailReadAt: 0,
    rollout: 'complete',
    transitions: NO_TRANSITIONS,
    coverage: held ? coverage : undefined,
  };
}
