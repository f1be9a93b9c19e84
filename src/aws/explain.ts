import type { AwsErrorOptions, Reason } from './errors.js';
import { AwsError, PackGoneError } from './errors.js';
import { classify } from './classify.js';
import type { Operation } from './port.js';

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

/** What a person can do about a failure, where there is something. */
function adviceOn(reason: Reason, operation: Operation): string | undefined {
  switch (reason) {
    case 'access_denied': {
      const fix = `allow the IAM action ${IAM_ACTIONS[operation]}`;
      return operation === 'ListAccounts'
        ? `${fix}, or do without by --no-collector.accounts`
        : fix;
    }
    case 'organization_access_denied':
      return "use the organization's management account, or register the account as a delegated administrator for config-multiaccountsetup.amazonaws.com";
    case 'region_unsupported':
      return 'organization conformance packs do not exist in this Region; take it out of the configuration';
    case 'credentials':
      return 'check the credentials of this source and, where it assumes a role, the trust policy of the role';
    case 'throttled':
      return 'lower --refresh.requests-per-second';
    case 'timeout':
      return 'AWS did not answer in time, or --refresh.timeout is too short for so many accounts';
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
  return isPackGone(error) ? new PackGoneError(options) : new AwsError(options);
}

/** Runs a call of AWS; whatever it throws comes out as an {@link AwsError}. */
export async function explained<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explain(operation, error);
  }
}

function isPackGone(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchOrganizationConformancePackException';
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}
