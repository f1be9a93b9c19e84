import type {
  OrganizationConformancePack,
  OrganizationConformancePackDetailedStatus,
  OrganizationConformancePackStatus,
} from '@aws-sdk/client-config-service';
import type { Account } from '@aws-sdk/client-organizations';
import type { AccountReport } from '../conformance/account-columns.js';
import { InvalidResponseError } from './errors.js';
import type { AccountListing, Operation, PackDescriptionReport, PackStatusReport } from './port.js';

/**
 * From the rows of the SDK to our own. The SDK checks nothing of what AWS sends; a row that names no
 * pack or account, or no status, is an {@link InvalidResponseError} and never silently dropped.
 */

const STATUSES = 'DescribeOrganizationConformancePackStatuses';
const PACKS = 'DescribeOrganizationConformancePacks';
const DETAIL = 'GetOrganizationConformancePackDetailedStatus';

export function parsePackStatus(row: OrganizationConformancePackStatus): PackStatusReport {
  return {
    name: required(
      STATUSES,
      'OrganizationConformancePackName',
      row.OrganizationConformancePackName,
    ),
    status: required(STATUSES, 'Status', row.Status),
    updatedAt: milliseconds(row.LastUpdateTime),
    errorCode: row.ErrorCode,
    errorMessage: row.ErrorMessage,
  };
}

export function parsePack(row: OrganizationConformancePack): PackDescriptionReport {
  return {
    name: required(PACKS, 'OrganizationConformancePackName', row.OrganizationConformancePackName),
    arn: required(PACKS, 'OrganizationConformancePackArn', row.OrganizationConformancePackArn),
    excludedAccounts: row.ExcludedAccounts ?? [],
  };
}

export function parseAccount(row: OrganizationConformancePackDetailedStatus): AccountReport {
  return {
    accountId: parseAccountId(DETAIL, row.AccountId),
    status: required(DETAIL, 'Status', row.Status),
    updatedAt: milliseconds(row.LastUpdateTime),
    errorCode: row.ErrorCode,
    errorMessage: row.ErrorMessage,
  };
}

/** An account's ARN tells whose organization it is: `arn:…::<management>:account/<organization>/…`. */
const ACCOUNT_ARN = /^arn:[\w-]+:organizations::(\d{12}):account\//;
const UNIT_ID = /^(r|ou)-/;

export function parseListedAccount(row: Account): AccountListing {
  const [path = ''] = row.Paths ?? [];
  return {
    id: parseAccountId('ListAccounts', row.Id),
    name: row.Name ?? '',
    // AWS meant to retire Status in favour of State.
    state: required('ListAccounts', 'State', row.State ?? row.Status),
    joinedAt: milliseconds(row.JoinedTimestamp),
    managementAccountId: ACCOUNT_ARN.exec(row.Arn ?? '')?.[1],
    unitIds: path.split('/').filter((segment) => UNIT_ID.test(segment)),
  };
}

const ACCOUNT_ID = /^\d{12}$/;

function parseAccountId(operation: Operation, id: string | undefined): string {
  if (id !== undefined && ACCOUNT_ID.test(id)) return id;
  throw new InvalidResponseError(
    operation,
    `AWS sent the account id ${JSON.stringify(id)}, which is not twelve digits`,
  );
}

/** The value of a field that AWS always sends. */
export function required(operation: Operation, field: string, value: string | undefined): string {
  // Halves of characters would all be written as the same replacement, and series would coincide.
  if (typeof value === 'string' && value !== '') return value.replace(/\p{Cs}/gu, '\ufffd');
  throw new InvalidResponseError(operation, `AWS sent a row without ${field}`);
}

function milliseconds(time: Date | undefined): number | undefined {
  const ms = time?.getTime();
  return ms === undefined || Number.isNaN(ms) ? undefined : ms;
}
