import { InvalidResponseError } from './errors.js';
import type { AccountListing, Operation, OrganizationsApi, Page, PageRequest } from './port.js';

/** How a listing is read. */
export interface Paging {
  /** Items asked for at a time, 1–100. */
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

/** The most that AWS Organizations lists at a time. */
const ACCOUNTS_PAGE_SIZE = 20;

/** Twice the accounts of the largest organizations: a listing longer than this is no listing. */
const MAX_ITEMS = 100_000;

/**
 * Reads a listing to its end, a page at a time. A token that comes a second time, or a listing that
 * does not end, is an {@link InvalidResponseError}: the SDK's own paginators would loop for ever or
 * end with half the listing. An empty page with a token is a page like any other.
 */
export async function* pages<Item>(
  operation: Operation,
  fetchPage: (page: PageRequest) => Promise<Page<Item>>,
  { pageSize, signal }: Paging,
): AsyncGenerator<readonly Item[]> {
  const maxPages = Math.ceil(MAX_ITEMS / pageSize);
  const seen = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await fetchPage({ nextToken, limit: pageSize, signal });
    yield page.items;
    nextToken = page.nextToken;
    if (nextToken === undefined) return;
    if (seen.has(nextToken)) {
      throw new InvalidResponseError(
        operation,
        'AWS sent the same page token twice, so the listing has no end',
      );
    }
    seen.add(nextToken);
  } while (seen.size < maxPages);
  throw new InvalidResponseError(operation, `AWS sent more than ${maxPages} pages of ${pageSize}`);
}

/** The accounts of an organization, a page at a time. */
export function accountPages(
  api: OrganizationsApi,
  signal: AbortSignal,
): AsyncGenerator<readonly AccountListing[]> {
  const paging = { pageSize: ACCOUNTS_PAGE_SIZE, signal };
  return pages('ListAccounts', (page) => api.accounts(page), paging);
}
