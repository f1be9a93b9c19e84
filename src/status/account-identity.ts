import type { OrganizationAccount } from '../conformance/organization.js';

/** Which account, and what the organization knows of it. */
export interface AccountIdentity {
  /** Twelve digits. */
  readonly accountId: string;
  readonly name?: string | undefined;
  readonly ouId?: string | undefined;
  /** Names of the organizational units from the root down, joined by `/`. */
  readonly ouPath?: string | undefined;
  /** Such as `ACTIVE` or `SUSPENDED`. */
  readonly accountState?: string | undefined;
}

/** `account` is `undefined` where the organization does not know it, or is not known itself. */
export function accountIdentity(
  accountId: string,
  account: OrganizationAccount | undefined,
): AccountIdentity {
  return {
    accountId,
    name: account?.name || undefined,
    ouId: account?.unitId || undefined,
    ouPath: account?.unitPath || undefined,
    accountState: account?.state,
  };
}
