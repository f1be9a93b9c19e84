import type {
  OrganizationConformancePack,
  OrganizationConformancePackDetailedStatus,
  OrganizationConformancePackStatus,
} from '@aws-sdk/client-config-service';
import type { AccountReport } from '../conformance/account-columns.js';
import { InvalidResponseError } from './errors.js';
import type { Operation, PackDescriptionReport, PackStatusReport } from './port.js';

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

const ACCOUNT_ID = /^\d{12}$/;

export function parseAccount(row: OrganizationConformancePackDetailedStatus): AccountReport {
  const accountId = required(DETAIL, 'AccountId', row.AccountId);
  if (!ACCOUNT_ID.test(accountId)) {
    throw new InvalidResponseError(
      DETAIL,
      `AWS sent the account id ${JSON.stringify(accountId)}, which is not twelve digits`,
    );
  }
  return {
    accountId,
    status: required(DETAIL, 'Status', row.Status),
    updatedAt: milliseconds(row.LastUpdateTime),
    errorCode: row.ErrorCode,
    errorMessage: row.ErrorMessage,
  };
}

function required(operation: Operation, field: string, value: string | undefined): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidResponseError(operation, `AWS sent a row without ${field}`);
}

function milliseconds(time: Date | undefined): number | undefined {
  const ms = time?.getTime();
  return ms === undefined || Number.isNaN(ms) ? undefined : ms;
}
