import { AwsError, InvalidResponseError, UnitGoneError } from '../aws/errors.js';
import { accountPages } from '../aws/pages.js';
import type { AccountListing, OrganizationsApi } from '../aws/port.js';
import type { OrganizationAccount, OrganizationAccounts } from '../conformance/organization.js';

/** What the console calls the root; AWS Organizations lets nobody change it. */
const ROOT_NAME = 'Root';

/** Names of organizational units, by their id. */
export type UnitNames = ReadonlyMap<string, string>;

/**
 * All accounts of an organization, each once; `onPage` is told how many there are so far. Rejects with
 * an {@link AwsError}.
 */
export async function listAccounts(
  api: OrganizationsApi,
  signal: AbortSignal,
  onPage: (accounts: number) => void = () => undefined,
): Promise<readonly AccountListing[]> {
  const listed = new Map<string, AccountListing>();
  for await (const items of accountPages(api, signal)) {
    for (const account of items) listed.set(account.id, account);
    onPage(listed.size);
  }
  if (listed.size === 0) {
    throw new InvalidResponseError(
      'ListAccounts',
      'AWS listed no account, and there is always one',
    );
  }
  return [...listed.values()];
}

export interface ReadUnitNames {
  readonly names: UnitNames;
  /** Why not all of them could be read. */
  readonly failure?: AwsError | undefined;
}

/**
 * The names of the units that hold the accounts. One that cannot be read keeps its name of before; one
 * that is gone by now has none.
 */
export async function readUnitNames(
  api: OrganizationsApi,
  accounts: readonly AccountListing[],
  before: UnitNames,
  signal: AbortSignal,
): Promise<ReadUnitNames> {
  const units = new Set(accounts.flatMap(({ unitIds }) => unitIds));
  const names = new Map<string, string>();
  try {
    for (const unit of units) {
      const name = unit.startsWith('r-') ? ROOT_NAME : await nameOf(api, unit, signal);
      if (name !== undefined) names.set(unit, name);
    }
    return { names };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Whoever is refused one name is refused the next: IAM, or a limit on calls.
    return { names: new Map([...before, ...names]), failure: error };
  }
}

async function nameOf(
  api: OrganizationsApi,
  unit: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await api.unitName(unit, signal);
  } catch (error) {
    if (error instanceof UnitGoneError) return undefined;
    throw error;
  }
}

/** `readAt` in milliseconds since the epoch. A path of which a name is missing is empty. */
export function organizationOf(
  listed: readonly AccountListing[],
  unitNames: UnitNames,
  readAt: number,
): OrganizationAccounts {
  const accounts = listed.map(({ id, joinedAt, name, state, unitIds }): OrganizationAccount => {
    const path = unitIds.map((unit) => unitNames.get(unit));
    const unitPath = path.includes(undefined) ? '' : path.join('/');
    return { id, name, state, joinedAt, unitId: unitIds.at(-1) ?? '', unitPath };
  });
  return {
    readAt,
    managementAccountId: listed.find((account) => account.managementAccountId)?.managementAccountId,
    accounts: new Map(accounts.map((account) => [account.id, account])),
    unitNames,
  };
}
