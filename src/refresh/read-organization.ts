import { AwsError } from '../aws/errors.js';
import { pages } from '../aws/pages.js';
import type { AccountListing, OrganizationsApi } from '../aws/port.js';
import type { Clock } from '../clock.js';
import type { OrganizationAccount, OrganizationAccounts } from '../conformance/organization.js';

/** The most that AWS Organizations lists at a time. */
const PAGE_SIZE = 20;

/** What the console calls the root; AWS Organizations lets nobody change it. */
const ROOT_NAME = 'Root';

export interface ReadOrganization {
  readonly organization: OrganizationAccounts;
  /** Why names of organizational units could not be read. */
  readonly failure?: AwsError | undefined;
}

export interface ReadOrganizationInput {
  readonly api: OrganizationsApi;
  /** What was read last: the names of units that cannot be read now are taken from it. */
  readonly previous: OrganizationAccounts | undefined;
  readonly clock: Clock;
  /** The deadline over everything. */
  readonly signal: AbortSignal;
}

/**
 * Reads all accounts of an organization, and the names of the units that hold them. Rejects with an
 * {@link AwsError} where the accounts cannot be listed; names that were never read cost the paths.
 */
export async function readOrganization(input: ReadOrganizationInput): Promise<ReadOrganization> {
  const { api, clock, previous, signal } = input;
  const listed = new Map<string, AccountListing>();
  const paging = { pageSize: PAGE_SIZE, signal };
  for await (const items of pages('ListAccounts', (page) => api.accounts(page), paging)) {
    for (const account of items) listed.set(account.id, account);
  }
  const units = new Set([...listed.values()].flatMap(({ unitIds }) => unitIds));
  const { failure, names } = await readUnitNames(api, units, signal);
  const unitNames = new Map(
    [...units].map((id) => [id, names.get(id) ?? previous?.unitNames.get(id)]),
  );
  const accounts = new Map<string, OrganizationAccount>();
  let managementAccountId: string | undefined;
  for (const { id, joinedAt, name, state, unitIds, ...account } of listed.values()) {
    managementAccountId ??= account.managementAccountId;
    const path = unitIds.map((unit) => unitNames.get(unit));
    const unitPath = path.includes(undefined) ? '' : path.join('/');
    accounts.set(id, { id, name, state, joinedAt, unitId: unitIds.at(-1) ?? '', unitPath });
  }
  return { organization: { readAt: clock(), managementAccountId, accounts, unitNames }, failure };
}

async function readUnitNames(
  api: OrganizationsApi,
  units: Iterable<string>,
  signal: AbortSignal,
): Promise<{ names: ReadonlyMap<string, string>; failure?: AwsError }> {
  const names = new Map<string, string>();
  try {
    for (const unit of units) {
      names.set(unit, unit.startsWith('r-') ? ROOT_NAME : await api.unitName(unit, signal));
    }
    return { names };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Whatever refuses one name refuses the next; those of before have to do.
    return { names, failure: error };
  }
}
