import { reportAt, rowOf, type KeptReport } from '../conformance/account-columns.js';
import { ERROR_CODES } from '../conformance/error-code.js';
import type { OrganizationAccount, OrganizationAccounts } from '../conformance/organization.js';
import { textAt } from '../conformance/row-texts.js';
import { outcomeOf, type Outcome } from '../conformance/status.js';
import type { PackView } from '../metrics/pack-view.js';

/** What an account is to a pack: reported with some outcome, or missing. In the order of concern. */
export const STANDINGS = ['failed', 'missing', 'unknown', 'in_progress', 'successful'] as const;
export type Standing = Outcome | 'missing';

const MISSING = STANDINGS.indexOf('missing');

/**
 * The accounts of a pack, numbered from 0: those that AWS reports, row by row, and behind them those
 * that are missing and have no row.
 */
export interface Members {
  readonly pack: PackView;
  /** By number: index into {@link STANDINGS}. */
  readonly standing: Uint8Array;
  /** Ids of the missing without a row, in the order of their numbers. */
  readonly unreported: readonly string[];
  /** `undefined` where the accounts of the organization are not known. */
  readonly organization: OrganizationAccounts | undefined;
}

/** None where the accounts have not been read, or not lately. */
export function membersOf(pack: PackView, organization: OrganizationAccounts | undefined): Members {
  const columns = pack.detail?.accounts;
  if (columns === undefined) {
    return { pack, standing: new Uint8Array(0), unreported: [], organization };
  }
  const byStatus = columns.statuses.map((status) => STANDINGS.indexOf(outcomeOf(status)));
  const { missing = [] } = pack.coverage ?? {};
  const deleted = missingRows(pack);
  const unreported =
    deleted.length === 0 ? missing : missing.filter((id) => rowOf(columns, id) === undefined);
  const standing = new Uint8Array(columns.rows + unreported.length).fill(MISSING);
  for (let row = 0; row < columns.rows; row++) {
    standing[row] = byStatus[columns.status[row] ?? 0] ?? 0;
  }
  for (const row of deleted) standing[row] = MISSING;
  return { pack, standing, unreported, organization };
}

/**
 * Rows of the accounts that AWS reports and that count as missing all the same: the pack was deleted
 * from them, and others keep it.
 */
export function missingRows({ coverage, detail }: PackView): readonly number[] {
  if (coverage === undefined || detail === undefined) return [];
  if (detail.summary.byStatus.get('DELETE_SUCCESSFUL') === 0) return [];
  return coverage.missing.flatMap((id) => rowOf(detail.accounts, id) ?? []);
}

export function standingOf({ standing }: Members, member: number): Standing {
  return STANDINGS[standing[member] ?? 0] ?? 'unknown';
}

export function idOf({ pack: { detail }, unreported }: Members, member: number): string {
  const rows = detail?.accounts.rows ?? 0;
  const id =
    member < rows
      ? detail?.accounts.ids[detail.accounts.account[member] ?? 0]
      : unreported[member - rows];
  return id ?? '';
}

/** `undefined` where the organization does not know the account, or is not known itself. */
export function accountOf(members: Members, member: number): OrganizationAccount | undefined {
  return members.organization?.accounts.get(idOf(members, member));
}

/** `undefined` where AWS reports nothing. */
export function reportOf({ pack: { detail } }: Members, member: number): KeptReport | undefined {
  return detail && member < detail.accounts.rows ? reportAt(detail.accounts, member) : undefined;
}

/** As AWS reports it; `undefined` where AWS reports nothing. */
export function statusOf({ pack: { detail } }: Members, member: number): string | undefined {
  const index = detail?.accounts.status[member];
  return index === undefined ? undefined : detail?.accounts.statuses[index];
}

export function errorCodeOf({ pack: { detail } }: Members, member: number): string | undefined {
  return ERROR_CODES[(detail?.accounts.errorCode[member] ?? 0) - 1];
}

/** The code as AWS gave it, where it is in no table. */
export function rawCodeOf({ pack: { detail } }: Members, member: number): string | undefined {
  return detail && textAt(detail.accounts.rawCodes, member);
}

export function errorMessageOf({ pack: { detail } }: Members, member: number): string | undefined {
  return detail && textAt(detail.accounts.messages, member);
}

/** Milliseconds since the epoch; `undefined` where AWS reports no time. */
export function updatedAtOf({ pack: { detail } }: Members, member: number): number | undefined {
  const updatedAt = detail?.accounts.updatedAt[member] ?? NaN;
  return Number.isNaN(updatedAt) ? undefined : updatedAt;
}
