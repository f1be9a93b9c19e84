import { rowOf, type AccountColumns } from './account-columns.js';
import { lowerBound } from './lower-bound.js';
import { isActive, type OrganizationAccount, type OrganizationAccounts } from './organization.js';
import { rolloutOf } from './rollout.js';
import type { PackDescription, PackDetail, RollUp } from './snapshot.js';
import { isDeletion, outcomeOf } from './status.js';

/** Why an unsuccessful account is no cause for alarm. */
export const EXCUSES = ['new', 'inactive'] as const;
export type Excuse = (typeof EXCUSES)[number];

/** How long AWS keeps trying to deploy packs to an account that joined the organization. */
export const NEW_FOR_MS = 7 * 3_600_000;

const DELETED = 'DELETE_SUCCESSFUL';

/** How a pack covers the organization. */
export interface Coverage {
  /** Ids of the accounts that are expected and not reported, sorted. */
  readonly missing: readonly string[];
  /** Accounts that the pack leaves out on purpose. */
  readonly excluded: number;
  /**
   * Unsuccessful accounts that are excused, by status: for every unsuccessful status that is known
   * or occurs.
   */
  readonly excused: ReadonlyMap<string, Readonly<Record<Excuse, number>>>;
  /** When the next account stops being new, in milliseconds since the epoch; otherwise `Infinity`. */
  readonly changesAt: number;
}

export interface CoverageInput {
  readonly rollUp: RollUp;
  readonly detail: PackDetail;
  readonly description: PackDescription;
  readonly organization: OrganizationAccounts;
  /** Whether packs are deployed to the management account too; see {@link reportsAccount}. */
  readonly expectsManagement: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Holds the accounts that AWS reports for a pack against those that the organization has: its active
 * ones, less those that the pack excludes, and none where the pack as a whole is being deleted. An
 * account from which the pack was deleted while others keep it counts as not reported.
 */
export function coverageOf(input: CoverageInput): Coverage {
  const { description, detail, now, organization, rollUp } = input;
  const excluded = new Set(description.excludedAccounts);
  return {
    missing: isDeletion(rollUp.status) ? [] : missingAccounts(input, excluded),
    excluded: excluded.size,
    ...excuses(detail.accounts, organization, now),
  };
}

function missingAccounts(
  { detail, expectsManagement, organization }: CoverageInput,
  excluded: ReadonlySet<string>,
): readonly string[] {
  const reported = reportedAccounts(detail.accounts, rolloutOf(detail.summary) === 'deleted');
  const missing: string[] = [];
  for (const account of organization.accounts.values()) {
    const { id } = account;
    if (!isActive(account) || reported.has(id) || excluded.has(id)) continue;
    if (id === organization.managementAccountId && !expectsManagement) continue;
    missing.push(id);
  }
  return missing.sort();
}

function reportedAccounts(columns: AccountColumns, deleted: boolean): ReadonlySet<string> {
  const gone = deleted ? -1 : columns.statuses.indexOf(DELETED);
  const reported = new Set<string>();
  for (let row = 0; row < columns.rows; row++) {
    if (columns.status[row] !== gone) reported.add(columns.ids[columns.account[row] ?? 0] ?? '');
  }
  return reported;
}

function excuses(
  columns: AccountColumns,
  { accounts, readAt }: OrganizationAccounts,
  now: number,
): Pick<Coverage, 'excused' | 'changesAt'> {
  const byStatus = columns.statuses.map((status) =>
    outcomeOf(status) === 'successful' ? undefined : { status, new: 0, inactive: 0 },
  );
  let changesAt = Infinity;
  for (let row = 0; row < columns.rows; row++) {
    const counts = byStatus[columns.status[row] ?? 0];
    if (counts === undefined) continue;
    const account = accounts.get(columns.ids[columns.account[row] ?? 0] ?? '');
    if (account === undefined) {
      counts[excuseOfStranger(columns.updatedAt[row] ?? NaN, readAt)]++;
      continue;
    }
    const excuse = excuseOf(account, now);
    if (excuse === undefined) continue;
    counts[excuse]++;
    if (excuse === 'new') changesAt = Math.min(changesAt, (account.joinedAt ?? 0) + NEW_FOR_MS);
  }
  const told = byStatus.filter((counts) => counts !== undefined);
  return { excused: new Map(told.map(({ status, ...counts }) => [status, counts])), changesAt };
}

/**
 * An account that the organization did not have when its accounts were last read: it has joined since,
 * if AWS has deployed to it since, and otherwise it has left.
 */
function excuseOfStranger(updatedAt: number, readAt: number): Excuse {
  return updatedAt > readAt ? 'new' : 'inactive';
}

function excuseOf(account: OrganizationAccount, now: number): Excuse | undefined {
  if (!isActive(account)) return 'inactive';
  const { joinedAt } = account;
  return joinedAt !== undefined && now - joinedAt < NEW_FOR_MS ? 'new' : undefined;
}

/**
 * Why it is no cause for alarm that a pack has no success in an account; `undefined` where it is one.
 * `updatedAt` is when AWS last updated the pack there; it and `now` in milliseconds since the epoch.
 */
export function excuseIn(
  { accounts, readAt }: OrganizationAccounts,
  accountId: string,
  updatedAt: number | undefined,
  now: number,
): Excuse | undefined {
  const account = accounts.get(accountId);
  return account === undefined
    ? excuseOfStranger(updatedAt ?? NaN, readAt)
    : excuseOf(account, now);
}

/** Whether an account is among the missing. */
export function isMissing({ missing }: Coverage, id: string): boolean {
  return missing[lowerBound(missing.length, (index) => (missing[index] ?? '') < id)] === id;
}

/**
 * Whether AWS reports an account for a pack; one from which the pack was deleted is not. Nobody documents
 * whether packs are deployed to the management account; where any pack reports it, it is expected of all
 * of them.
 */
export function reportsAccount(columns: AccountColumns, id: string): boolean {
  const row = rowOf(columns, id);
  return row !== undefined && columns.statuses[columns.status[row] ?? 0] !== DELETED;
}
