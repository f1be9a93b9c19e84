import type { ComponentChildren, JSX } from 'preact';
import type { Page } from '../../status/page.js';
import type { List } from './list.js';
import { Pager } from './pager.js';
import { Table } from './table.js';

/** One page of a list as a table, kept up to date while it is looked at, and the way to the next. */
export function Listing<Key extends string, Item>({
  caption,
  heads,
  id,
  list,
  page,
  row,
}: {
  /** Of the part that is kept up to date. */
  readonly id: string;
  readonly list: List<Key>;
  readonly page: Page<Item>;
  readonly caption: string;
  readonly heads: ComponentChildren;
  readonly row: (item: Item) => JSX.Element;
}): JSX.Element {
  return (
    <div id={id} data-live>
      {page.items.length > 0 && (
        <Table caption={caption} heads={heads}>
          {page.items.map(row)}
        </Table>
      )}
      <Pager list={list} page={page} />
    </div>
  );
}
