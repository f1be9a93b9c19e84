import { untilAborted } from './abort.js';
import type { AwsErrorOptions, Reason } from './errors.js';
import { AwsError, PackGoneError, UnitGoneError } from './errors.js';
import { classify } from './classify.js';
import { SOURCE_OPERATIONS, type Operation } from './port.js';

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

const OF_SOURCES: ReadonlySet<Operation> = new Set(SOURCE_OPERATIONS);

/** What a person can do about a failure, where there is something. */
function adviceOn(reason: Reason, operation: Operation): string | undefined {
  const ofSource = OF_SOURCES.has(operation);
  switch (reason) {
    case 'access_denied': {
      const fix = `allow the IAM action ${IAM_ACTIONS[operation]}`;
      return operation === 'ListAccounts'
        ? `${fix}, or do without by --no-collector.accounts`
        : fix;
    }
    case 'organization_access_denied':
      return ofSource
        ? 'the account belongs to no organization; use credentials of one that does'
        : "use the organization's management account, or register the account as a delegated administrator for config-multiaccountsetup.amazonaws.com";
    case 'region_unsupported':
      return 'organization conformance packs do not exist in this Region; take it out of the configuration';
    case 'credentials':
      return 'check the credentials of this source and, where it assumes a role, the trust policy of the role';
    case 'throttled':
      return ofSource
        ? 'it is tried again later; where that goes on, raise --accounts.refresh-interval'
        : 'the exporter slows down by itself; where that is not enough, lower --refresh.requests-per-second';
    case 'timeout':
      return ofSource
        ? 'AWS did not answer in time; it is tried again later'
        : 'AWS did not answer in time, or --refresh.timeout is too short for so many accounts';
    case 'network':
      return 'check the name, the route and the proxy to the endpoint';
    case 'duplicate_source':
    case 'service_error':
    case 'invalid_response':
      return undefined;
  }
}

const CLOCK_ADVICE = 'the clock of this machine is wrong; set it';

/** AWS takes no signature that was made more than some minutes before or after. */
function isClock(error: unknown): boolean {
  return error instanceof Error && /^(RequestTimeTooSkewed|RequestExpired)/.test(error.name);
}

/** Makes whatever a call of AWS threw an {@link AwsError} that says what to do. */
function explain(operation: Operation, error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const reason = classify(error, operation);
  const options: AwsErrorOptions = {
    operation,
    reason,
    message: describe(error),
    advice: isClock(error) ? CLOCK_ADVICE : adviceOn(reason, operation),
    cause: error,
  };
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchOrganizationConformancePackException') return new PackGoneError(options);
  if (name === 'OrganizationalUnitNotFoundException') return new UnitGoneError(options);
  return new AwsError(options);
}

/**
 * Runs a call of AWS; whatever it throws comes out as an {@link AwsError}, and so does the signal's
 * reason as soon as it aborts.
 */
export async function explained<T>(
  operation: Operation,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await untilAborted(signal, call());
  } catch (error) {
    throw explain(operation, error);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}
