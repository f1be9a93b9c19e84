import { pages, type Paging } from '../aws/pages.js';
import type { ConfigApi } from '../aws/port.js';
import type { Clock } from '../clock.js';
import { AccountColumnsBuilder, type AccountIds } from '../conformance/account-columns.js';
import { summarize } from '../conformance/account-summary.js';
import { errorCodeOf, limitedCode, limitedMessage, OTHER } from '../conformance/error-code.js';
import { isMismatch } from '../conformance/rollout.js';
import type { Pack, PackDescription, PackDetail, RollUp } from '../conformance/snapshot.js';
import { outcomeOf, supersedes } from '../conformance/status.js';

/** The roll-up of every pack by name, sorted by name, each pack once. */
export async function readRollUps(
  api: ConfigApi,
  paging: Paging,
): Promise<ReadonlyMap<string, RollUp>> {
  const rollUps = new Map<string, RollUp>();
  const operation = 'DescribeOrganizationConformancePackStatuses';
  for await (const items of pages(operation, (page) => api.packStatuses(page), paging)) {
    for (const { name, status, updatedAt, errorCode, errorMessage } of items) {
      const current = rollUps.get(name);
      if (current && !supersedes({ status, updatedAt }, current)) continue;
      const code = errorCodeOf(errorCode, outcomeOf(status) === 'failed');
      rollUps.set(name, {
        status,
        updatedAt,
        errorCode: code,
        rawCode: code === OTHER ? limitedCode(errorCode) : undefined,
        errorMessage: limitedMessage(errorMessage),
      });
    }
  }
  return new Map([...rollUps].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The description of every pack by name. */
export async function readDescriptions(
  api: ConfigApi,
  paging: Paging,
): Promise<ReadonlyMap<string, PackDescription>> {
  const descriptions = new Map<string, PackDescription>();
  const operation = 'DescribeOrganizationConformancePacks';
  for await (const items of pages(operation, (page) => api.packs(page), paging)) {
    for (const { name, arn, excludedAccounts } of items) {
      descriptions.set(name, { arn, excludedAccounts });
    }
  }
  return descriptions;
}

export interface ListedPack extends Pick<Pack, 'name' | 'rollUp'> {
  /** How many accounts it had when it was last read. */
  readonly accounts: number | undefined;
}

/** The accounts of one pack, held against the roll-up that was read along with them. */
export async function readDetail(
  api: ConfigApi,
  { accounts: expected, name, rollUp }: ListedPack,
  paging: Paging,
  ids: AccountIds,
  clock: Clock,
): Promise<PackDetail> {
  const builder = new AccountColumnsBuilder(ids, expected);
  const operation = 'GetOrganizationConformancePackDetailedStatus';
  for await (const items of pages(operation, (page) => api.packAccounts(name, page), paging)) {
    for (const report of items) builder.add(report);
  }
  const accounts = builder.build();
  const summary = summarize(accounts);
  const mismatch = isMismatch(rollUp.status, summary);
  return { readAt: clock(), accounts, summary, rollUp, mismatch };
}
