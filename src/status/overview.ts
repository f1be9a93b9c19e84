import type { Scope } from '../conformance/snapshot.js';
import { outcomeOf } from '../conformance/status.js';
import type { Shard } from '../refresh/shard.js';
import { accountsWith, type Tallies } from './account-tallies.js';
import type { FailureStatus } from './failure-status.js';
import { isoTime, type Moment } from './moment.js';
import { listedPacks, PACK_STATES, type ListedPack, type PackState } from './pack-status.js';
import { SCOPE_STATES, scopeStatus, type ScopeReading, type ScopeStatus } from './scope-status.js';
import { sourceStatus, type SourceStatus } from './source-status.js';

/** Everything at a glance. */
export interface Overview {
  /** The moment that it tells of. */
  readonly time: string;
  /** Of the exporter. */
  readonly version: string;
  /** Which share of the packs is shown, where several processes share them among themselves. */
  readonly shard?: Shard | undefined;
  readonly summary: Summary;
  /** What could not be read at the last refreshes, each kind of failure once. */
  readonly troubles: readonly Trouble[];
  readonly scopes: readonly ScopeStatus[];
  readonly sources: readonly SourceStatus[];
}

export interface Summary {
  readonly packs: {
    readonly total: number;
    /** Every state in a fixed order. */
    readonly byState: readonly { readonly state: PackState; readonly packs: number }[];
    /** Those whose roll-up disagrees with the verdict. */
    readonly mismatches: number;
    /** Those whose accounts are known: the verdicts on the others are unknown. */
    readonly read: number;
    /** Those of unknown state that AWS itself reports as failed. */
    readonly failedByRollUp: number;
  };
  readonly accounts: AccountSummary;
  readonly scopes: {
    readonly total: number;
    /** Every state in a fixed order. */
    readonly byState: readonly { readonly state: ScopeReading; readonly scopes: number }[];
  };
  /** When the oldest of what is shown was read: the packs of a scope, or the accounts of a pack. */
  readonly oldestDataAt?: string | undefined;
}

/** Accounts, each counted once however many packs it is in, of the packs whose accounts are known. */
export interface AccountSummary {
  /** Accounts that a pack reports or misses, or that an organization has. */
  readonly total: number;
  /** Absent where the accounts of no pack are known. */
  readonly failed?: number | undefined;
  /** Absent where it is known of no pack which accounts are missing. */
  readonly missing?: number | undefined;
}

/** One kind of failure. */
export interface Trouble extends Omit<FailureStatus, 'pack'> {
  /** Where it was met; `message` and `advice` are those of the first. */
  readonly places: readonly Place[];
}

export interface Place extends Scope {
  /** Absent where the failure is not about one pack. */
  readonly pack?: string | undefined;
}

export function overview(
  moment: Moment,
  { shard, version }: Pick<Overview, 'shard' | 'version'>,
  tallies: Tallies,
): Overview {
  const scopes = moment.scopes.map((scope) => scopeStatus(scope, moment));
  return {
    time: new Date(moment.now).toISOString(),
    version,
    shard,
    summary: summaryOf(moment, scopes, tallies),
    troubles: troublesOf(scopes),
    scopes,
    sources: moment.view.known.map(sourceStatus),
  };
}

function summaryOf(moment: Moment, scopes: readonly ScopeStatus[], tallies: Tallies): Summary {
  const packs = listedPacks(moment);
  const readTimes = [
    ...moment.scopes.map(({ snapshot }) => snapshot?.listedAt),
    ...packs.map(({ view: { detail } }) => detail?.readAt),
  ].filter((readAt) => readAt !== undefined);
  return {
    packs: {
      total: packs.length,
      byState: PACK_STATES.map((state) => ({
        state,
        packs: packs.filter((pack) => pack.state === state).length,
      })),
      mismatches: packs.filter(({ view }) => view.detail?.mismatch === true).length,
      read: tallies.basis.read,
      failedByRollUp: packs.filter(isFailedByRollUp).length,
    },
    accounts: {
      total: tallies.ids.length,
      failed: accountsWith('failed', tallies),
      missing: accountsWith('missing', tallies),
    },
    scopes: {
      total: scopes.length,
      byState: SCOPE_STATES.map((state) => ({
        state,
        scopes: scopes.filter((scope) => scope.state === state).length,
      })),
    },
    oldestDataAt: isoTime(Math.min(...readTimes)),
  };
}

function isFailedByRollUp({ state, view: { rollUp } }: ListedPack): boolean {
  return state === 'unknown' && rollUp !== undefined && outcomeOf(rollUp.status) === 'failed';
}

function troublesOf(scopes: readonly ScopeStatus[]): readonly Trouble[] {
  const troubles = new Map<string, Trouble & { readonly places: Place[] }>();
  for (const { lastRefresh, region, source } of scopes) {
    for (const { pack, ...failure } of lastRefresh?.failures ?? []) {
      const kind = `${failure.reason} ${failure.operation}`;
      const trouble = troubles.get(kind) ?? { ...failure, places: [] };
      trouble.places.push({ source, region, pack });
      troubles.set(kind, trouble);
    }
  }
  return [...troubles.values()];
}
