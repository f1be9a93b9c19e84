import type { Pack, PackDescription, PackDetail, RollUp, Scope } from '../conformance/snapshot.js';
import type { ScopeState } from '../refresh/store.js';
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
}

/** A pack with those of its accounts that an exposition shows. */
export interface ShownPack extends PackView {
  /** Rows of the columns in `detail`. */
  readonly rows: Uint32Array;
  /** Account samples that the limit cut. */
  readonly omitted: number;
}

/** What one scope shows. */
export interface ScopeView {
  readonly packs: readonly PackView[];
  /** When the next part of it becomes too old, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What a scope shows at the time `now`; `maxStalenessMs` of 0 shows data of any age. */
export function viewScope(state: ScopeState, now: number, maxStalenessMs: number): ScopeView {
  const { expectedPacks, scope, snapshot } = state;
  if (snapshot === undefined) return { packs: [], expiresAt: Infinity };
  const lifetime = maxStalenessMs === 0 ? Infinity : maxStalenessMs;
  const isFresh = (readAt: number) => now - readAt <= lifetime;
  const listingFresh = isFresh(snapshot.listedAt);
  const expected = new Set(expectedPacks);
  const readTimes = [snapshot.listedAt];

  const view = (name: string, pack: Pack | undefined): PackView => {
    const detailReadAt = pack?.detail?.readAt;
    if (detailReadAt !== undefined) readTimes.push(detailReadAt);
    return {
      scope,
      name,
      labels: labelText(PACK_LABELS, [scope.source, scope.region, name]),
      present: listingFresh && expected.has(name) ? (snapshot.listed.has(name) ? 1 : 0) : undefined,
      rollUp: listingFresh ? pack?.rollUp : undefined,
      description: listingFresh ? pack?.description : undefined,
      detail:
        listingFresh && detailReadAt !== undefined && isFresh(detailReadAt)
          ? pack?.detail
          : undefined,
      detailReadAt,
    };
  };
  const packs = snapshot.packs.map((pack) => view(pack.name, pack));
  const read = new Set(snapshot.packs.map(({ name }) => name));
  const others = [...expected]
    .filter((name) => !read.has(name))
    .map((name) => view(name, undefined));
  const expiries = readTimes.filter(isFresh).map((readAt) => readAt + lifetime);
  return { packs: [...packs, ...others], expiresAt: Math.min(...expiries, Infinity) };
}
