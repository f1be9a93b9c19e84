import type { AccountReport } from '../conformance/account-columns.js';

/** The operations that the exporter calls, as the `operation` label names them. */
export const OPERATIONS = [
  'DescribeOrganizationConformancePackStatuses',
  'DescribeOrganizationConformancePacks',
  'GetOrganizationConformancePackDetailedStatus',
  'GetCallerIdentity',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One page of a listing. */
export interface PageRequest {
  readonly nextToken?: string | undefined;
  /** 1–100 items. */
  readonly limit: number;
  readonly signal: AbortSignal;
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
 * nothing else; `packAccounts` of a pack that no longer exists with a {@link PackGoneError}.
 */
export interface ConfigApi {
  packStatuses(page: PageRequest): Promise<Page<PackStatusReport>>;
  packs(page: PageRequest): Promise<Page<PackDescriptionReport>>;
  packAccounts(pack: string, page: PageRequest): Promise<Page<AccountReport>>;
}

/** Who the credentials of a source belong to. */
export interface Identity {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
}

/** AWS STS with the credentials of one source. Rejects with an {@link AwsError}. */
export interface IdentityApi {
  callerIdentity(signal: AbortSignal): Promise<Identity>;
}

/** Told of every request, so that the cost of a refresh and the state of AWS can be measured. */
export interface RequestObserver {
  /** One attempt, retries included. */
  attempt(operation: Operation, seconds: number, throttled: boolean): void;
}
