import type { ComponentChildren, JSX } from 'preact';
import { sortText, type List } from './list.js';
import { linkTo } from './site.js';
import { Head } from './table.js';

/** The head of a column by which the list can be sorted. */
export function SortHead<Key extends string>({
  children,
  class: className,
  list,
  largestFirst = false,
  sortKey,
}: {
  readonly list: List<Key>;
  readonly sortKey: Key;
  /** Whether the first click puts the largest first. */
  readonly largestFirst?: boolean;
  readonly class?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { key, descending } = list.sort;
  const isCurrent = key === sortKey;
  const next = { key: sortKey, descending: isCurrent ? !descending : largestFirst };
  const href = linkTo(list.site, list.path, { ...list.filter, sort: sortText(next, list) });
  const sorted = isCurrent ? (descending ? 'descending' : 'ascending') : undefined;
  return (
    <Head class={className} sorted={sorted}>
      <a href={href}>{children}</a>
    </Head>
  );
}
