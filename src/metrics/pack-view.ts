import { coverageOf, type Coverage } from '../conformance/coverage.js';
import type { OrganizationAccounts } from '../conformance/organization.js';
import { rolloutOf, type Rollout } from '../conformance/rollout.js';
import type { Pack, PackDescription, PackDetail, RollUp, Scope } from '../conformance/snapshot.js';
import type { TransitionCounts } from '../conformance/transitions.js';
import type { ScopeState } from '../refresh/store.js';
import type { Sliced } from './slices.js';
import { labelText } from './text.js';

/** The labels that every family of packs and accounts begins with. */
export const PACK_LABELS = ['source', 'aws_region', 'conformance_pack'] as const;

/**
 * One pack as an exposition shows it: what is too old to be trusted is absent. A pack that is
 * expected but not listed has a view too.
 */
export interface PackView {
  readonly scope: Scope;
  readonly name: string;
  /** The values of {@link PACK_LABELS}, rendered and escaped. */
  readonly labels: string;
  /** 1 or 0 for a pack that is expected; `undefined` for any other. */
  readonly present?: 0 | 1 | undefined;
  readonly rollUp?: RollUp | undefined;
  readonly description?: PackDescription | undefined;
  readonly detail?: PackDetail | undefined;
  /** When the accounts were last read completely, kept when they are withdrawn. */
  readonly detailReadAt?: number | undefined;
  /** Absent for a pack that is expected but not listed. */
  readonly rollout?: Rollout | undefined;
  readonly transitions?: TransitionCounts | undefined;
  /** Absent where the accounts of the organization, or the exclusions of the pack, are not known. */
  readonly coverage?: Coverage | undefined;
}

/** A pack with those of its accounts that an exposition shows. */
export interface ShownPack extends PackView {
  /** Rows of the columns in `detail`. */
  readonly rows: Uint32Array;
  /** Indexes into the missing accounts of `coverage`. */
  readonly missing: Uint32Array;
  /** Account samples that the limit cut. */
  readonly omitted: number;
}

/** What one scope shows. */
export interface ScopeView {
  readonly packs: readonly PackView[];
  /** When the next part of it becomes too old, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Whether what was read at a time is still to be shown, and until when. */
export interface Freshness {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Data older than this is withdrawn; `Infinity` for never. In milliseconds. */
  readonly lifetimeMs: number;
}

export function isFresh({ lifetimeMs, now }: Freshness, readAt: number): boolean {
  return now - readAt <= lifetimeMs;
}

/** The accounts that a scope's packs are held against. */
export interface ExpectedAccounts {
  readonly organization: OrganizationAccounts;
  readonly expectsManagement: boolean;
}

/** What a scope shows; without `expected` it says nothing of coverage. */
export function* viewScope(
  state: ScopeState,
  freshness: Freshness,
  expected: ExpectedAccounts | undefined,
): Sliced<ScopeView> {
  const { expectedPacks, scope, snapshot } = state;
  if (snapshot === undefined) return { packs: [], expiresAt: Infinity };
  const { lifetimeMs, now } = freshness;
  const listingFresh = isFresh(freshness, snapshot.listedAt);
  const ought = new Set(expectedPacks);
  const readTimes = [snapshot.listedAt];
  const changes: number[] = [];

  const view = (name: string, pack: Pack | undefined): PackView => {
    const detailReadAt = pack?.detail?.readAt;
    if (detailReadAt !== undefined) readTimes.push(detailReadAt);
    const detail =
      listingFresh && detailReadAt !== undefined && isFresh(freshness, detailReadAt)
        ? pack?.detail
        : undefined;
    const description = listingFresh ? pack?.description : undefined;
    const rollUp = listingFresh ? pack?.rollUp : undefined;
    const coverage =
      detail &&
      description &&
      rollUp &&
      expected &&
      coverageOf({ detail, description, rollUp, ...expected, now });
    if (coverage) changes.push(coverage.changesAt - 1);
    return {
      scope,
      name,
      labels: labelText(PACK_LABELS, [scope.source, scope.region, name]),
      present: listingFresh && ought.has(name) ? (snapshot.listed.has(name) ? 1 : 0) : undefined,
      rollUp,
      description,
      detail,
      detailReadAt,
      rollout: pack && rolloutOf(detail?.summary),
      transitions: listingFresh ? pack?.transitions : undefined,
      coverage,
    };
  };
  const packs: PackView[] = [];
  for (const pack of snapshot.packs) {
    packs.push(view(pack.name, pack));
    yield;
  }
  const read = new Set(snapshot.packs.map(({ name }) => name));
  const others = [...ought].filter((name) => !read.has(name)).map((name) => view(name, undefined));
  const expiries = readTimes
    .filter((readAt) => isFresh(freshness, readAt))
    .map((readAt) => readAt + lifetimeMs);
  return { packs: [...packs, ...others], expiresAt: Math.min(...expiries, ...changes, Infinity) };
}
