import { adviceOnCredentials, CHECK_ROUTE } from './credentials-error.js';
import type { Reason } from './errors.js';
import { SOURCE_OPERATIONS, type Operation } from './port.js';

/** What advice depends on beside the error itself. */
export interface Circumstances {
  readonly operation: Operation;
  /** Where the call went, as far as whoever asks knows. */
  readonly region?: string | undefined;
  /** Whether the deadline over everything has passed, and not that over one request. */
  readonly isLate: boolean;
}

const IAM_ACTIONS: Record<Operation, string> = {
  DescribeOrganizationConformancePackStatuses: 'config:DescribeOrganizationConformancePackStatuses',
  DescribeOrganizationConformancePacks: 'config:DescribeOrganizationConformancePacks',
  GetOrganizationConformancePackDetailedStatus:
    'config:GetOrganizationConformancePackDetailedStatus',
  GetCallerIdentity: 'sts:GetCallerIdentity',
  DescribeOrganization: 'organizations:DescribeOrganization',
  ListAccounts: 'organizations:ListAccounts',
  DescribeOrganizationalUnit: 'organizations:DescribeOrganizationalUnit',
};

/** What to do where two sources turn out to be the same account. */
export const TELL_SOURCES_APART =
  'remove one of the two sources, or give this one credentials of another account';

const OF_SOURCES: ReadonlySet<Operation> = new Set(SOURCE_OPERATIONS);

/** What a person can do about a failure, where there is something. */
export function adviceOn(
  reason: Reason,
  error: unknown,
  { isLate, operation, region }: Circumstances,
): string | undefined {
  const ofSource = OF_SOURCES.has(operation);
  switch (reason) {
    case 'access_denied':
      return onDenial(operation, error instanceof Error ? error.message : '');
    case 'organization_access_denied':
      return ofSource
        ? 'the account belongs to no organization; use credentials of one that does'
        : "use the organization's management account, or register the account as a delegated administrator for config-multiaccountsetup.amazonaws.com; one that is registered may have to be allowed organizations:ListDelegatedAdministrators as well";
    case 'region_unsupported':
      return 'organization conformance packs do not exist in this Region; take it out of the configuration';
    case 'credentials':
      return adviceOnCredentials(error, ofSource ? undefined : region);
    case 'throttled':
      return ofSource
        ? 'it is tried again later; where that goes on, raise --accounts.refresh-interval'
        : 'the exporter slows down by itself; where that is not enough, lower --refresh.requests-per-second';
    case 'timeout':
      return isLate && !ofSource
        ? 'AWS did not answer in time, or --refresh.timeout is too short for so many accounts'
        : 'AWS did not answer in time; it is tried again later';
    case 'network':
      return CHECK_ROUTE;
    case 'duplicate_source':
      return TELL_SOURCES_APART;
    case 'service_error':
    case 'invalid_response':
      return undefined;
  }
}

/** Policies that forbid what a role's own policy allows, as AWS names them in its messages. */
const ABOVE_THE_ROLE =
  /(?:explicit deny in|because no) (?:an? |the )?(service control policy|resource control policy|permissions boundary|session policy|VPC endpoint policy)/i;
const EXPLICIT = /explicit deny in/i;

function onDenial(operation: Operation, message: string): string {
  const action = IAM_ACTIONS[operation];
  const [, policy] = ABOVE_THE_ROLE.exec(message) ?? [];
  const fix =
    policy !== undefined
      ? `a ${policy} forbids the IAM action ${action}, and no policy of the role helps against that; have it make an exception`
      : EXPLICIT.test(message)
        ? `a policy denies the IAM action ${action}; take that out, since no other policy helps against it`
        : `allow the IAM action ${action}`;
  return operation === 'ListAccounts' ? `${fix}, or do without by --no-collector.accounts` : fix;
}
