import type { AccountReport } from '../conformance/account-columns.js';

/** The operations that a refresh of a scope calls, as the `operation` label names them. */
export const SCOPE_OPERATIONS = [
  'DescribeOrganizationConformancePackStatuses',
  'DescribeOrganizationConformancePacks',
  'GetOrganizationConformancePackDetailedStatus',
] as const;

/** The operations that are called for a source as a whole. */
export const SOURCE_OPERATIONS = [
  'GetCallerIdentity',
  'DescribeOrganization',
  'ListAccounts',
  'DescribeOrganizationalUnit',
] as const;

export const OPERATIONS = [...SCOPE_OPERATIONS, ...SOURCE_OPERATIONS] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One page of a listing. */
export interface PageRequest {
  readonly nextToken?: string | undefined;
  /** 1–100 items. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Whether it goes before requests that wait already. */
  readonly ahead?: boolean | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string | undefined;
}

/** The roll-up of one pack, as AWS reports it. */
export interface PackStatusReport {
  readonly name: string;
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt?: number | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** The description of one pack, as AWS reports it. */
export interface PackDescriptionReport {
  readonly name: string;
  readonly arn: string;
  readonly excludedAccounts: readonly string[];
}

/**
 * AWS Config in one scope, a page at a time. Every method rejects with an {@link AwsError} and with
 * nothing else; `packAccounts` and `packAccount` of a pack that no longer exists with a
 * {@link PackGoneError}.
 */
export interface ConfigApi {
  packStatuses(page: PageRequest): Promise<Page<PackStatusReport>>;
  packs(page: PageRequest): Promise<Page<PackDescriptionReport>>;
  packAccounts(pack: string, page: PageRequest): Promise<Page<AccountReport>>;
  /** What AWS reports of one account only; more than once where it repeats itself. */
  packAccount(
    pack: string,
    accountId: string,
    signal: AbortSignal,
  ): Promise<readonly AccountReport[]>;
}

/** Who the credentials of a source belong to. */
export interface Identity {
  /** Twelve digits. */
  readonly accountId: string;
  /** Such as `aws` or `aws-us-gov`. */
  readonly partition: string;
}

/** AWS STS with the credentials of one source. Rejects with an {@link AwsError}. */
export interface IdentityApi {
  callerIdentity(signal: AbortSignal): Promise<Identity>;
}

/** A member account, as AWS Organizations lists it. */
export interface AccountListing {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly joinedAt?: number | undefined;
  /** The account that manages the organization; `undefined` where AWS does not say. */
  readonly managementAccountId?: string | undefined;
  /** The root and the units that hold the account, from the root down; empty where AWS does not say. */
  readonly unitIds: readonly string[];
}

/** AWS Organizations with the credentials of one source. Rejects with an {@link AwsError}. */
export interface OrganizationsApi {
  /** Resolves with an id such as `o-a1b2c3d4e5`. */
  organizationId(signal: AbortSignal): Promise<string>;
  accounts(page: PageRequest): Promise<Page<AccountListing>>;
  /** Resolves with the name of an organizational unit. */
  unitName(unitId: string, signal: AbortSignal): Promise<string>;
}

/** Told of every request, so that the cost of a refresh and the state of AWS can be measured. */
export interface RequestObserver {
  /** One attempt, retries included. */
  attempt(operation: Operation, seconds: number, throttled: boolean): void;
  /** The requests of AWS Config a second that the exporter allows itself from now on. */
  rate(perSecond: number): void;
}
