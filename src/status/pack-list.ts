import { outcomeOf } from '../conformance/status.js';
import type { PackView } from '../metrics/pack-view.js';
import type { Moment } from './moment.js';
import { pageOf, type Page, type PageQuery } from './page.js';
import { holds, needleOf } from './search.js';
import { compare, type Sort, type SortValue } from './sort.js';
import { comparePacks, listedPacks, packStatus } from './pack-status.js';
import type { ListedPack, PackState, PackStatus } from './pack-status.js';

export interface PackFilter {
  /** Part of the name of the pack, the source or the Region; empty for any. */
  readonly q: string;
  readonly state?: PackState | undefined;
  readonly source?: string | undefined;
  readonly region?: string | undefined;
}

/** By what packs can be sorted, and what is compared. `worst` puts first what needs somebody most. */
const SORT_VALUES = {
  worst: ({ state, view }) => concernOf(view, state),
  pack: ({ view }) => view.name,
  source: ({ view }) => view.scope.source,
  region: ({ view }) => view.scope.region,
  failed: ({ view }) => view.detail?.summary.byOutcome.failed.accounts,
  missing: ({ view }) => view.coverage?.missing.length,
  updatedAt: ({ view }) => view.rollUp?.updatedAt,
} as const satisfies Record<string, (pack: ListedPack) => SortValue>;

export type PackSortKey = keyof typeof SORT_VALUES;
export const PACK_SORT_KEYS = Object.keys(SORT_VALUES) as PackSortKey[];

export interface PackQuery extends PackFilter, PageQuery {
  readonly sort: Sort<PackSortKey>;
}

/** Some of the packs, in the order that is asked for. */
export function packPage(moment: Moment, query: PackQuery): Page<PackStatus> {
  const needle = needleOf(query.q);
  const packs = listedPacks(moment).filter((pack) => matches(pack, query, needle));
  return pageOf(sorted(packs, query.sort), query, (pack) => packStatus(pack, moment));
}

/** All packs, the worst first. */
export function allPacks(moment: Moment): readonly PackStatus[] {
  const worstFirst = { key: 'worst', descending: false } as const;
  return sorted(listedPacks(moment), worstFirst).map((pack) => packStatus(pack, moment));
}

function matches({ state, view }: ListedPack, filter: PackFilter, needle: string): boolean {
  const { name, scope } = view;
  return (
    (filter.state === undefined || filter.state === state) &&
    (filter.source === undefined || filter.source === scope.source) &&
    (filter.region === undefined || filter.region === scope.region) &&
    [name, scope.source, scope.region].some((text) => holds(text, needle))
  );
}

function sorted(packs: readonly ListedPack[], { descending, key }: Sort<PackSortKey>) {
  const valueOf: (pack: ListedPack) => SortValue = SORT_VALUES[key];
  return packs
    .map((pack) => ({ pack, value: valueOf(pack) }))
    .sort(
      (a, b) =>
        compare(a.value, b.value, descending) ||
        compareDamage(a.pack.view, b.pack.view) ||
        comparePacks(a.pack.view, b.pack.view),
    )
    .map(({ pack }) => pack);
}

/** How little a pack needs somebody: 0 is the worst. */
function concernOf({ coverage, detail, rollUp }: PackView, state: PackState): number {
  const rollUpFailed = rollUp !== undefined && outcomeOf(rollUp.status) === 'failed';
  switch (state) {
    case 'failed':
      return 0;
    case 'absent':
      return 1;
    case 'unknown':
      return rollUpFailed ? 2 : 3;
    case 'in_progress':
      return rollUpFailed ? 2 : 4;
    case 'complete':
      if (rollUpFailed) return 2;
      return detail?.mismatch === true || (coverage?.missing.length ?? 0) > 0 ? 5 : 6;
    case 'deleted':
      return 7;
  }
}

/** More failed accounts first, then more missing ones. */
function compareDamage(a: PackView, b: PackView): number {
  const failed = ({ detail }: PackView) => detail?.summary.byOutcome.failed.accounts ?? 0;
  const missing = ({ coverage }: PackView) => coverage?.missing.length ?? 0;
  return failed(b) - failed(a) || missing(b) - missing(a);
}
