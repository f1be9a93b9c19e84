/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** How many items the whole list has. */
  readonly total: number;
  /** The most items that were asked for. */
  readonly limit: number;
  /** How many items of the list stand before the first of this part. */
  readonly offset: number;
}

/** Which part of a list is asked for. */
export interface PageQuery {
  readonly limit: number;
  readonly offset: number;
}

/** A part of a list; only its own items are made. */
export function pageOf<Entry, Item>(
  entries: { readonly length: number; slice(start: number, end: number): Iterable<Entry> },
  { limit, offset }: PageQuery,
  make: (entry: Entry) => Item,
): Page<Item> {
  const items = Array.from(entries.slice(offset, offset + limit), make);
  return { items, total: entries.length, limit, offset };
}
