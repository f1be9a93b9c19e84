import { EXCUSES, type Coverage, type Excuse } from '../conformance/coverage.js';
import { ROLLOUTS } from '../conformance/rollout.js';
import type { PackDetail, Scope } from '../conformance/snapshot.js';
import { outcomeOf, type Outcome } from '../conformance/status.js';
import type { PackView } from '../metrics/pack-view.js';
import { consoleUrl } from './console-url.js';
import { failureStatus, type FailureStatus } from './failure-status.js';
import { missingRows } from './members.js';
import { isoTime, sourceOf, type Moment } from './moment.js';
import { compare } from './sort.js';

/** The verdict on a pack; `absent` for one that is expected and not deployed. */
export const PACK_STATES = [...ROLLOUTS, 'absent'] as const;
export type PackState = (typeof PACK_STATES)[number];

/** Which pack: names are unique within a scope. */
export interface PackKey extends Scope {
  readonly pack: string;
}

/** A pack of the view, and the verdict on it. */
export interface ListedPack {
  readonly view: PackView;
  readonly state: PackState;
}

/** One organization conformance pack in one scope. */
export interface PackStatus extends PackKey {
  readonly state: PackState;
  /** Whether the operator expects the pack to be deployed. */
  readonly expected: boolean;
  /** What AWS says of the pack as a whole. */
  readonly rollUp?: RollUpStatus | undefined;
  /** Whether roll-up and verdict disagree; absent where either says nothing. */
  readonly mismatch?: boolean | undefined;
  /** The accounts that AWS reports; absent until they have been read, and when that is too long ago. */
  readonly accounts?: AccountCounts | undefined;
  /** How the pack covers the organization; absent where its accounts or its exclusions are not known. */
  readonly coverage?: CoverageStatus | undefined;
  /** When the accounts were last read completely, also where they are too old to be shown. */
  readonly accountsReadAt?: string | undefined;
  /** Whether something of the pack is not shown because it is too old. */
  readonly withdrawn: boolean;
  /** Why the accounts could not be read at the last refresh. */
  readonly failure?: FailureStatus | undefined;
  readonly arn?: string | undefined;
  /** The packs of the Region in the AWS console. */
  readonly consoleUrl?: string | undefined;
}

export interface RollUpStatus {
  readonly status: string;
  readonly outcome: Outcome;
  readonly updatedAt?: string | undefined;
  readonly errorCode?: string | undefined;
  /** The code as AWS gave it, where `errorCode` is `other`. */
  readonly rawCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** What the accounts of a pack come to. */
export interface AccountCounts {
  readonly reported: number;
  readonly failed: number;
  readonly inProgress: number;
  /** Without those that count as missing, since the pack was deleted from them and kept by others. */
  readonly successful: number;
  /** In a status that this release does not know. */
  readonly unknown: number;
  /** Those statuses that occur. */
  readonly byStatus: readonly { readonly status: string; readonly accounts: number }[];
  /** The failed, by error code; most first. */
  readonly byErrorCode: readonly { readonly errorCode: string; readonly accounts: number }[];
  /** Oldest update among the failed. */
  readonly failedSince?: string | undefined;
  /** Oldest update among those in progress. */
  readonly inProgressSince?: string | undefined;
}

export interface CoverageStatus {
  /** Active accounts that the pack does not exclude and AWS does not report. */
  readonly missing: number;
  readonly excluded: number;
  /** Of the failed, those that are no cause for alarm. */
  readonly excused: Readonly<Record<Excuse, number>>;
}

/**
 * The packs of the view. One that is expected and of which nothing more is known is not among them: a
 * filter leaves it out, or its scope has not been listed lately.
 */
export function listedPacks({ view }: Moment): ListedPack[] {
  return view.packs.flatMap((pack) => {
    const state = pack.rollout ?? (pack.present === 0 ? 'absent' : undefined);
    return state === undefined ? [] : [{ view: pack, state }];
  });
}

/** By name, then by scope. */
export function comparePacks(a: PackView, b: PackView): number {
  return (
    compare(a.name, b.name) ||
    compare(a.scope.source, b.scope.source) ||
    compare(a.scope.region, b.scope.region)
  );
}

export function packConsoleUrl({ scope }: PackView, moment: Moment): string | undefined {
  return consoleUrl(sourceOf(moment, scope.source)?.identity?.partition, scope.region);
}

export function packStatus({ state, view }: ListedPack, moment: Moment): PackStatus {
  const { coverage, description, detail, detailReadAt, name, rollUp, rollout, scope } = view;
  const known = moment.scopes.find(
    ({ scope: { region, source } }) => source === scope.source && region === scope.region,
  );
  const failure = known?.lastRefresh?.failures.find((candidate) => candidate.pack === name);
  return {
    ...scope,
    pack: name,
    state,
    expected: known?.expectedPacks.includes(name) === true,
    rollUp: rollUp && {
      status: rollUp.status,
      outcome: outcomeOf(rollUp.status),
      updatedAt: isoTime(rollUp.updatedAt),
      errorCode: rollUp.errorCode,
      rawCode: rollUp.rawCode,
      errorMessage: rollUp.errorMessage,
    },
    mismatch: detail?.mismatch,
    accounts: detail && countsOf(view, detail),
    coverage: coverage && {
      missing: coverage.missing.length,
      excluded: coverage.excluded,
      excused: excusedOf(coverage),
    },
    accountsReadAt: isoTime(detailReadAt),
    withdrawn:
      rollout !== undefined &&
      (rollUp === undefined || (detailReadAt !== undefined && detail === undefined)),
    failure: failure && failureStatus(failure),
    arn: description?.arn,
    consoleUrl: packConsoleUrl(view, moment),
  };
}

function countsOf(view: PackView, { accounts, summary }: PackDetail): AccountCounts {
  const { failed, in_progress: inProgress, successful, unknown } = summary.byOutcome;
  return {
    reported: accounts.rows,
    failed: failed.accounts,
    inProgress: inProgress.accounts,
    successful: successful.accounts - missingRows(view).length,
    unknown: unknown.accounts,
    byStatus: [...summary.byStatus]
      .filter(([, count]) => count > 0)
      .map(([status, count]) => ({ status, accounts: count })),
    byErrorCode: [...summary.failedByCode]
      .map(([errorCode, count]) => ({ errorCode, accounts: count }))
      .sort((a, b) => b.accounts - a.accounts),
    failedSince: isoTime(failed.oldest),
    inProgressSince: isoTime(inProgress.oldest),
  };
}

function excusedOf({ excused }: Coverage): Record<Excuse, number> {
  const sum: Record<Excuse, number> = { new: 0, inactive: 0 };
  for (const [status, counts] of excused) {
    if (outcomeOf(status) !== 'failed') continue;
    for (const excuse of EXCUSES) sum[excuse] += counts[excuse];
  }
  return sum;
}
