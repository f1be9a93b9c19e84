import type { Scope } from '../conformance/snapshot.js';
import { isFresh } from '../metrics/pack-view.js';
import { reportProgress, type ProgressReport } from '../refresh/progress.js';
import type { ScopeState } from '../refresh/store.js';
import { failureStatus, type FailureStatus } from './failure-status.js';
import { isoTime, type Moment } from './moment.js';

/**
 * How the reading of a scope stands: not yet begun, under way for the first time, known from before
 * the start, and as its last refresh went: all was read, the packs were listed but not all of the rest
 * read, or not even that.
 */
export const SCOPE_STATES = ['waiting', 'reading', 'restored', 'ok', 'partial', 'failed'] as const;
export type ScopeReading = (typeof SCOPE_STATES)[number];

/** One source in one Region. */
export interface ScopeStatus extends Scope {
  readonly state: ScopeReading;
  /** Packs that AWS listed, before any filter. */
  readonly packs?: number | undefined;
  /** When the packs were last listed. */
  readonly listedAt?: string | undefined;
  /** Whether that was so long ago that nothing of it is shown any more. */
  readonly withdrawn: boolean;
  /** End of the last refresh of which all could be read. */
  readonly lastSuccessAt?: string | undefined;
  readonly lastRefresh?: RefreshStatus | undefined;
  /** Present while a refresh is under way: calls of AWS Config. */
  readonly progress?: ScopeProgress | undefined;
}

/** How far the refresh under way has come. */
export interface ScopeProgress extends ProgressReport {
  /** From 0 to 1, and no more than that as long as nobody knows how many accounts there are. */
  readonly ratio: number;
}

/** How the last refresh of a scope went. */
export interface RefreshStatus {
  readonly endedAt: string | undefined;
  readonly durationSeconds: number;
  readonly successful: boolean;
  readonly failures: readonly FailureStatus[];
}

export function scopeStatus(state: ScopeState, { now, view }: Moment): ScopeStatus {
  const { lifetimeMs } = view;
  const { lastRefresh, lastSuccessAt, progress, scope, snapshot } = state;
  return {
    ...scope,
    state: readingOf(state),
    packs: snapshot?.listed.size,
    listedAt: isoTime(snapshot?.listedAt),
    withdrawn: snapshot !== undefined && !isFresh({ lifetimeMs, now }, snapshot.listedAt),
    lastSuccessAt: isoTime(lastSuccessAt),
    lastRefresh: lastRefresh && {
      endedAt: isoTime(lastRefresh.endedAt),
      durationSeconds: lastRefresh.durationMs / 1000,
      successful: lastRefresh.successful,
      failures: lastRefresh.failures.map(failureStatus),
    },
    progress: progress && {
      ratio: progress.done / progress.expected,
      ...reportProgress(progress),
    },
  };
}

function readingOf({ lastRefresh, progress, snapshot }: ScopeState): ScopeReading {
  if (lastRefresh === undefined) {
    if (snapshot !== undefined) return 'restored';
    return progress === undefined ? 'waiting' : 'reading';
  }
  if (lastRefresh.successful) return 'ok';
  const startedAt = lastRefresh.endedAt - lastRefresh.durationMs;
  return snapshot !== undefined && snapshot.listedAt >= startedAt ? 'partial' : 'failed';
}
