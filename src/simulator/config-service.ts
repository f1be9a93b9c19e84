import {
  packsOf,
  suffixOf,
  type Deployment,
  type Organization,
  type OrganizationPack,
} from './organization.js';
import { paginate } from './paging.js';
import { ServiceError, type Call, type Output } from './wire.js';

/** Regions that know no organization conformance packs, as far as the simulator goes. */
const UNSUPPORTED_REGIONS: ReadonlySet<string> = new Set(['ap-southeast-7', 'mx-central-1']);

const MAX_LIMIT = 100;
const MAX_NAMES = 25;
const PACK_NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
const ACCOUNT_ID = /^\d{12}$/;

/** The three operations of AWS Config that read organization conformance packs. */
export function callConfig(organization: Organization, call: Call): Output {
  const { accountId, region } = call.caller;
  if (UNSUPPORTED_REGIONS.has(region)) throw new ServiceError('AccessDeniedException', '');
  const trusted =
    accountId === organization.managementAccountId ||
    organization.delegatedAdministrators.has(accountId);
  if (!trusted) {
    throw new ServiceError(
      'OrganizationAccessDeniedException',
      'This action can only be performed by the master account or a delegated administrator of the organization.',
    );
  }
  const visible = packsOf(organization, accountId, region);
  switch (call.operation) {
    case 'DescribeOrganizationConformancePackStatuses': {
      const { page, nextToken } = selectPacks(call, visible);
      const statuses = page.map((pack) => ({
        OrganizationConformancePackName: pack.name,
        ...deploymentFields(pack.rollUp),
      }));
      return { OrganizationConformancePackStatuses: statuses, NextToken: nextToken };
    }
    case 'DescribeOrganizationConformancePacks': {
      const { page, nextToken } = selectPacks(call, visible);
      return { OrganizationConformancePacks: page.map(describePack), NextToken: nextToken };
    }
    case 'GetOrganizationConformancePackDetailedStatus':
      return detailedStatus(call, visible);
    default:
      throw new ServiceError('UnknownOperationException', '');
  }
}

function selectPacks(
  call: Call,
  visible: readonly OrganizationPack[],
): { page: readonly OrganizationPack[]; nextToken: string | undefined } {
  const names = call.input['OrganizationConformancePackNames'];
  if (!Array.isArray(names) || names.length === 0) {
    return paginate(call, visible, {
      limit: limitOf(call),
      invalidToken: 'InvalidNextTokenException',
    });
  }
  if (names.length > MAX_NAMES) {
    throw invalid(
      'organizationConformancePackNames',
      `Member must have length less than or equal to ${MAX_NAMES}`,
    );
  }
  // Limit and token do not count when packs are named.
  const page = names.map((name) => findPack(visible, String(name)));
  return { page, nextToken: undefined };
}

function detailedStatus(call: Call, visible: readonly OrganizationPack[]): Output {
  const { Filters: filters, OrganizationConformancePackName: name } = call.input as {
    Filters?: { AccountId?: string; Status?: string };
    OrganizationConformancePackName?: string;
  };
  const pack = findPack(visible, name ?? '');
  if (filters?.AccountId !== undefined && !ACCOUNT_ID.test(filters.AccountId)) {
    throw invalid('filters.accountId', 'Member must satisfy regular expression pattern: \\d{12}');
  }
  const members = pack.members.filter(
    ({ accountId, status }) =>
      (filters?.AccountId ?? accountId) === accountId && (filters?.Status ?? status) === status,
  );
  const { page, nextToken } = paginate(call, members, {
    limit: limitOf(call),
    invalidToken: 'InvalidNextTokenException',
  });
  const memberPack = `OrgConformsPack-${pack.name}-${suffixOf(pack)}`;
  return {
    OrganizationConformancePackDetailedStatuses: page.map((member) => ({
      AccountId: member.accountId,
      ConformancePackName: memberPack,
      ...deploymentFields(member),
    })),
    NextToken: nextToken,
  };
}

function findPack(visible: readonly OrganizationPack[], name: string): OrganizationPack {
  if (!PACK_NAME.test(name)) {
    throw invalid(
      'organizationConformancePackName',
      'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
    );
  }
  const pack = visible.find((candidate) => candidate.name === name);
  if (pack === undefined) {
    throw new ServiceError(
      'NoSuchOrganizationConformancePackException',
      'One or more organization conformance packs with the specified names are not present.',
    );
  }
  return pack;
}

function limitOf({ input }: Call): number {
  const limit = input['Limit'] ?? 0;
  if (!Number.isInteger(limit) || (limit as number) < 0 || (limit as number) > MAX_LIMIT) {
    throw new ServiceError(
      'InvalidLimitException',
      'The specified limit is outside the allowable range.',
    );
  }
  return limit === 0 ? MAX_LIMIT : (limit as number);
}

function invalid(field: string, constraint: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${constraint}`,
  );
}

function deploymentFields({ errorCode, errorMessage, status, updatedAt }: Deployment): Output {
  return {
    Status: status,
    LastUpdateTime: updatedAt === undefined ? undefined : updatedAt / 1000,
    ErrorCode: errorCode,
    ErrorMessage: errorMessage,
  };
}

function describePack(pack: OrganizationPack): Output {
  return {
    OrganizationConformancePackName: pack.name,
    OrganizationConformancePackArn: pack.arn,
    DeliveryS3Bucket: '',
    DeliveryS3KeyPrefix: '',
    ConformancePackInputParameters: [],
    ExcludedAccounts: pack.excludedAccounts,
    LastUpdateTime: pack.rollUp.updatedAt === undefined ? undefined : pack.rollUp.updatedAt / 1000,
  };
}
