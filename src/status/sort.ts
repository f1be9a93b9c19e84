/** By what a list is sorted. */
export interface Sort<Key extends string> {
  readonly key: Key;
  readonly descending: boolean;
}

/** What is compared; `undefined` stands last, whichever way a list is sorted. */
export type SortValue = string | number | undefined;

/** Below 0 where `a` stands before `b`. */
export function compare(a: SortValue, b: SortValue, descending = false): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b === descending ? 1 : -1;
}
