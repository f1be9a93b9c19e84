import {
  AccountColumnsBuilder,
  AccountIds,
  type AccountReport,
} from '../../src/conformance/account-columns.js';
import { summarize } from '../../src/conformance/account-summary.js';
import { NO_TRANSITIONS } from '../../src/conformance/transitions.js';
import type { Pack, PackDetail, RollUp } from '../../src/conformance/snapshot.js';

/** The detail of a pack with these accounts. */
export function detailOf(
  reports: readonly AccountReport[],
  readAt = 0,
  ids = new AccountIds(),
): PackDetail {
  const builder = new AccountColumnsBuilder(ids);
  for (const report of reports) builder.add(report);
  const accounts = builder.build();
  const summary = summarize(accounts);
  return { readAt, accounts, summary, mismatch: undefined };
}

export function packOf(name: string, more: Partial<Omit<Pack, 'name'>> = {}): Pack {
  const rollUp: RollUp = { status: 'CREATE_SUCCESSFUL' };
  return { name, rollUp, transitions: NO_TRANSITIONS, ...more };
}
