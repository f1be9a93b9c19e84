import type { PageQuery } from '../../status/page.js';
import type { Sort } from '../../status/sort.js';
import { PAGE_LIMIT } from '../queries.js';
import type { LinkQuery, Site } from './site.js';

/** A list that is filtered, sorted and paged by the query of its page. */
export interface List<Key extends string = string> {
  readonly site: Site;
  readonly path: string;
  /** What is filtered by, and how much is shown at a time; the rest of the query follows from it. */
  readonly filter: LinkQuery;
  readonly sort: Sort<Key>;
  /** What the list is sorted by where nobody asks for anything else. */
  readonly defaultSort: Key;
}

/** How a sort stands in a query; `undefined` for the one that need not be told. */
export function sortText<Key extends string>(
  { key, descending }: Sort<Key>,
  { defaultSort }: List<Key>,
): string | undefined {
  return key === defaultSort && !descending ? undefined : `${descending ? '-' : ''}${key}`;
}

/** Whether some of the list may be left out. */
export function isFiltered<Key extends string>({ filter }: List<Key>): boolean {
  return Object.entries(filter).some(
    ([name, value]) => name !== 'limit' && value !== undefined && value !== '',
  );
}

/** How many items are shown at a time, where that is not what everybody gets. */
export function limitOf({ limit }: PageQuery): number | undefined {
  return limit === PAGE_LIMIT ? undefined : limit;
}
