import type { OrganizationAccount } from '../conformance/organization.js';
import type { PackView } from '../metrics/pack-view.js';
import type { Sliced } from '../metrics/slices.js';
import type { View } from '../metrics/view.js';
import { accountIdentity, type AccountIdentity } from './account-identity.js';
import { membersOf, STANDINGS, type Standing } from './members.js';
import { pageOf, type Page, type PageQuery } from './page.js';
import { holds, needleOf } from './search.js';
import { compare, type Sort, type SortValue } from './sort.js';

/** On how many packs a count rests. */
export interface PackBasis {
  /** Packs that AWS lists. */
  readonly total: number;
  /** Of those, the ones whose accounts are known. */
  readonly read: number;
  /** Of those, the ones of which is known which accounts are missing. */
  readonly covered: number;
}

/**
 * One account, and in how many packs it has which standing: of those packs whose accounts are known. A
 * count that rests on no pack is absent.
 */
export interface AccountTally extends AccountIdentity {
  readonly failed?: number | undefined;
  readonly missing?: number | undefined;
  readonly unknown?: number | undefined;
  readonly inProgress?: number | undefined;
  readonly successful?: number | undefined;
}

/** A part of the accounts. */
export interface AccountTallyPage extends Page<AccountTally> {
  /** What the counts rest on. */
  readonly packs: PackBasis;
}

/** All accounts that a pack reports or misses, or that an organization has, as columns. */
export interface Tallies {
  /** Sorted; the place of an account in it is its place in the other columns. */
  readonly ids: readonly string[];
  readonly accounts: readonly (OrganizationAccount | undefined)[];
  /** Packs by standing. */
  readonly packs: Readonly<Record<Standing, Uint32Array>>;
  readonly basis: PackBasis;
}

/** Goes through every account of every pack: to be made once for a view, not once for a request. */
export function* tally({ packs, known: sources }: View): Sliced<Tallies> {
  const known = new Map(sources.flatMap(({ organization }) => [...(organization?.accounts ?? [])]));
  const idLists = new Set(packs.flatMap(({ detail }) => (detail ? [detail.accounts.ids] : [])));
  const ids = [...new Set([...known.keys(), ...[...idLists].flat()])].sort();
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  yield;
  const placesIn = new Map<readonly string[], Uint32Array>();
  for (const list of idLists) {
    placesIn.set(
      list,
      Uint32Array.from(list, (id) => placeOf.get(id) ?? 0),
    );
    yield;
  }
  const counts = {
    failed: new Uint32Array(ids.length),
    missing: new Uint32Array(ids.length),
    unknown: new Uint32Array(ids.length),
    in_progress: new Uint32Array(ids.length),
    successful: new Uint32Array(ids.length),
  } satisfies Record<Standing, Uint32Array>;
  for (const pack of packs) {
    countMembers(pack, placeOf, placesIn, counts);
    yield;
  }
  const accounts = ids.map((id) => known.get(id));
  return { ids, accounts, packs: counts, basis: basisOf(packs) };
}

function basisOf(packs: readonly PackView[]): PackBasis {
  // The others are expected, and not deployed.
  const listed = packs.filter(({ rollout }) => rollout !== undefined);
  return {
    total: listed.length,
    read: listed.filter(({ detail }) => detail !== undefined).length,
    covered: listed.filter(({ coverage }) => coverage !== undefined).length,
  };
}

function countMembers(
  pack: PackView,
  placeOf: ReadonlyMap<string, number>,
  placesIn: ReadonlyMap<readonly string[], Uint32Array>,
  counts: Readonly<Record<Standing, Uint32Array>>,
): void {
  const columns = pack.detail?.accounts;
  const places = columns && placesIn.get(columns.ids);
  if (columns === undefined || places === undefined) return;
  const { standing, unreported } = membersOf(pack, undefined);
  // There may be millions of these: no call and no object for any of them.
  const byStanding = STANDINGS.map((each) => counts[each]);
  for (let row = 0; row < columns.rows; row++) {
    const column = byStanding[standing[row] ?? 0];
    const place = places[columns.account[row] ?? 0] ?? 0;
    if (column !== undefined) column[place] = (column[place] ?? 0) + 1;
  }
  for (const id of unreported) {
    const place = placeOf.get(id);
    if (place !== undefined) counts.missing[place] = (counts.missing[place] ?? 0) + 1;
  }
}

/** In how many accounts some pack has a standing; `undefined` where nothing is known of that. */
export function accountsWith(standing: Standing, { basis, packs }: Tallies): number | undefined {
  if (!isKnown(standing, basis)) return undefined;
  return packs[standing].reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
}

function isKnown(standing: Standing, { covered, read }: PackBasis): boolean {
  return (standing === 'missing' ? covered : read) > 0;
}

export interface AccountFilter {
  /** Part of the id, the name or the organizational unit; empty for any. */
  readonly q: string;
  /** The standing that some pack has to have in the account. */
  readonly standing?: Standing | undefined;
}

type Read<Value> = (tallies: Tallies, place: number) => Value;

/** More packs than any account can be in. */
const HIGHEST_COUNT = 1e6;

/** By what accounts can be sorted. `worst`: failed in most packs first, then missing, then by id. */
const SORT_VALUES = {
  worst: ({ packs }, place) =>
    -(packs.failed[place] ?? 0) * HIGHEST_COUNT - (packs.missing[place] ?? 0),
  accountId: ({ ids }, place) => ids[place],
  name: ({ accounts }, place) => accounts[place]?.name.toLowerCase() || undefined,
  ouPath: ({ accounts }, place) => accounts[place]?.unitPath.toLowerCase() || undefined,
  failed: ({ packs }, place) => packs.failed[place],
  missing: ({ packs }, place) => packs.missing[place],
  inProgress: ({ packs }, place) => packs.in_progress[place],
  successful: ({ packs }, place) => packs.successful[place],
} as const satisfies Record<string, Read<SortValue>>;

export type AccountSortKey = keyof typeof SORT_VALUES;
export const ACCOUNT_SORT_KEYS = Object.keys(SORT_VALUES) as AccountSortKey[];

export interface AccountQuery extends AccountFilter, PageQuery {
  readonly sort: Sort<AccountSortKey>;
}

/** Some accounts, in the order that is asked for. */
export function accountPage(tallies: Tallies, query: AccountQuery): AccountTallyPage {
  const { descending, key } = query.sort;
  const needle = needleOf(query.q);
  const places = Uint32Array.from(tallies.ids.keys()).filter((place) =>
    matches(tallies, place, query, needle),
  );
  const valueOf: Read<SortValue> = SORT_VALUES[key];
  const values: SortValue[] = [];
  for (const place of places) values[place] = valueOf(tallies, place);
  places.sort((a, b) => compare(values[a], values[b], descending));
  const page = pageOf(places, query, (place) => accountTally(tallies, place));
  return { packs: tallies.basis, ...page };
}

function matches(
  { accounts, ids, packs }: Tallies,
  place: number,
  { standing }: AccountFilter,
  needle: string,
): boolean {
  if (standing !== undefined && packs[standing][place] === 0) return false;
  const account = accounts[place];
  return (
    needle === '' ||
    ids[place]?.includes(needle) === true ||
    holds(account?.name, needle) ||
    holds(account?.unitPath, needle)
  );
}

function accountTally({ accounts, basis, ids, packs }: Tallies, place: number): AccountTally {
  const of = (standing: Standing) =>
    isKnown(standing, basis) ? (packs[standing][place] ?? 0) : undefined;
  return {
    ...accountIdentity(ids[place] ?? '', accounts[place]),
    failed: of('failed'),
    missing: of('missing'),
    unknown: of('unknown'),
    inProgress: of('in_progress'),
    successful: of('successful'),
  };
}
