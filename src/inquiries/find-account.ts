import { AwsError } from '../aws/errors.js';
import { accountPages } from '../aws/pages.js';
import type { OrganizationsApi } from '../aws/port.js';

export interface FindAccountInput {
  readonly accountId: string;
  readonly sources: readonly { readonly organizations: OrganizationsApi }[];
  /** The deadline over everything. */
  readonly signal: AbortSignal;
}

/**
 * Whether an account belongs to an organization of the sources; an error where that could not be read.
 * Lists the accounts, and no further than to the one that is sought: to be asked for a single account
 * is an IAM action that the exporter needs for nothing else. Never rejects for a reason of AWS.
 */
export async function findAccount(input: FindAccountInput): Promise<boolean | AwsError> {
  const { accountId, signal, sources } = input;
  const read = new Set<string>();
  const failures: { readonly organization: string | undefined; readonly error: AwsError }[] = [];
  for (const { organizations } of sources) {
    const organization = await idOf(organizations, signal);
    // Sources of one organization see the same accounts.
    if (organization !== undefined && read.has(organization)) continue;
    try {
      if (await lists(organizations, accountId, signal)) return true;
      if (organization !== undefined) read.add(organization);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failures.push({ organization, error });
    }
  }
  const unread = failures.find(
    ({ organization }) => organization === undefined || !read.has(organization),
  );
  return unread?.error ?? false;
}

async function idOf(api: OrganizationsApi, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await api.organizationId(signal);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

async function lists(
  api: OrganizationsApi,
  accountId: string,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const items of accountPages(api, signal)) {
    if (items.some(({ id }) => id === accountId)) return true;
  }
  return false;
}
