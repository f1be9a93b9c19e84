/** A member account as AWS Organizations knows it. */
export interface OrganizationAccount {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  /** Such as `ACTIVE` or `SUSPENDED`. */
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly joinedAt?: number | undefined;
  /** The organizational unit that holds the account, or the root; empty where AWS does not say. */
  readonly unitId: string;
  /** Names of the units from the root down, joined by `/`; empty where they cannot be read. */
  readonly unitPath: string;
}

/** The accounts of an organization, as they were last read completely. */
export interface OrganizationAccounts {
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  /** `undefined` where AWS does not say. */
  readonly managementAccountId: string | undefined;
  /** By account id. */
  readonly accounts: ReadonlyMap<string, OrganizationAccount>;
  /** Names of its units by their id, those that could be read. */
  readonly unitNames: ReadonlyMap<string, string>;
}

/** Whether AWS Config is expected to deploy a pack to an account. */
export function isActive({ state }: OrganizationAccount): boolean {
  return state === 'ACTIVE';
}
