/**
 * The truth of the simulated organization, as plain data that tests and scenarios read and change.
 * Times are milliseconds since the epoch.
 */
export interface Organization {
  readonly id: string;
  readonly rootId: string;
  readonly managementAccountId: string;
  readonly delegatedAdministrators: Set<string>;
  readonly units: Map<string, OrganizationalUnit>;
  readonly accounts: Map<string, Account>;
  packs: OrganizationPack[];
}

export interface OrganizationalUnit {
  readonly id: string;
  readonly name: string;
  /** The root or another unit. */
  readonly parentId: string;
}

export type AccountState =
  'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';

export interface Account {
  /** Twelve digits. */
  readonly id: string;
  name: string;
  state: AccountState;
  joinedAt: number;
  /** The unit that the account is in, or the root. */
  parentId: string;
}

/** What AWS Config says of a pack, as a whole or in one account. */
export interface Deployment {
  status: string;
  updatedAt?: number;
  errorCode?: string;
  errorMessage?: string;
}

/** A row of the detail. A list may hold an account twice: AWS rules it out nowhere. */
export interface MemberDeployment extends Deployment {
  accountId: string;
}

/** One organization conformance pack in one Region, visible to the account that deployed it only. */
export interface OrganizationPack {
  readonly owner: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly rollUp: Deployment;
  excludedAccounts: string[];
  members: MemberDeployment[];
}

/** The packs that a caller sees in a Region. */
export function packsOf(
  organization: Organization,
  owner: string,
  region: string,
): OrganizationPack[] {
  return organization.packs.filter((pack) => pack.owner === owner && pack.region === region);
}

/** The last segment of the ARN, which also ends the name of the pack in each member account. */
export function suffixOf(pack: OrganizationPack): string {
  return pack.arn.slice(-8);
}

export function setDeployment(deployment: Deployment, next: Deployment): void {
  delete deployment.errorCode;
  delete deployment.errorMessage;
  Object.assign(deployment, next);
}
