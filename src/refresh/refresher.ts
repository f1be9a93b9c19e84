import { TELL_SOURCES_APART } from '../aws/advice.js';
import type { ConfigApi } from '../aws/port.js';
import type { Clock } from '../clock.js';
import type { Scope } from '../conformance/snapshot.js';
import { withDeadline } from '../deadline.js';
import type { Logger } from '../log.js';
import { logChanges } from './log-changes.js';
import { reportProgress } from './progress.js';
import { readScope } from './read-scope.js';
import { graveFailures, groupFailures, type Failure, type RefreshResult } from './result.js';
import type { LastRefresh, Store } from './store.js';
import { planSweeps, type Sweep } from './sweep.js';

/** How often a first refresh tells how far it has come. */
const PROGRESS_EVERY_MS = 30_000;

/** Told of every refresh that ended, and of nothing that was abandoned. */
export type RefreshListener = (scope: Scope, refresh: LastRefresh) => Promise<void> | void;

export interface RefresherOptions {
  readonly api: ConfigApi;
  readonly scope: Scope;
  /** Has a state of this scope once the first refresh begins. */
  readonly store: Store;
  /** The earlier source that reads the same packs already, if there is one. */
  readonly duplicateOf: (signal: AbortSignal) => Promise<string | undefined>;
  readonly selects: (pack: string) => boolean;
  readonly pageSize: number;
  /** Packs whose accounts are read side by side. */
  readonly packsAtOnce: number;
  /** At every so many refreshes packs at rest are read; at least 1. */
  readonly sweepEvery: number;
  /** Deadline over a whole refresh, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onRefreshed: RefreshListener;
}

/** Refreshes one scope: fetch, build, swap. */
export class Refresher {
  readonly #options: RefresherOptions;
  readonly #planSweep: (startedAt: number) => Sweep;
  #current: Promise<void> | undefined;

  constructor(options: RefresherOptions) {
    this.#options = options;
    this.#planSweep = planSweeps(options.sweepEvery);
  }

  get scope(): Scope {
    return this.#options.scope;
  }

  /** Which state of the store is ours. Others may come and go while a refresh is under way. */
  get #index(): number {
    return this.#options.store.indexOf(this.scope);
  }

  /**
   * Refreshes the scope once. Refreshes never overlap: a call while one is under way joins it.
   * Resolves when the store holds the result, or when `stop` aborted and there is none. What AWS
   * refuses is recorded, never thrown.
   */
  refresh(stop: AbortSignal): Promise<void> {
    this.#current ??= this.#refresh(stop).finally(() => (this.#current = undefined));
    return this.#current;
  }

  async #refresh(stop: AbortSignal): Promise<void> {
    const { clock, onRefreshed, store, timeoutMs } = this.#options;
    const startedAt = clock();
    const stopTelling = this.#tellProgress();
    try {
      const sweep = this.#planSweep(startedAt);
      const result = await withDeadline(stop, timeoutMs, (signal) => this.#read(sweep, signal));
      if (stop.aborted) return;
      const endedAt = clock();
      const refresh: LastRefresh = {
        endedAt,
        durationMs: endedAt - startedAt,
        successful: graveFailures(result.failures).length === 0,
        failures: result.failures,
      };
      store.complete(this.#index, refresh, result.snapshot);
      this.#log(refresh, result);
      await onRefreshed(this.scope, refresh);
      const { organization } = store.source(this.scope.source);
      await logChanges(this.#options.logger, this.scope, result.changes, organization, stop);
    } finally {
      stopTelling();
      store.idle(this.#index);
    }
  }

  async #read(sweep: Sweep, signal: AbortSignal): Promise<RefreshResult> {
    const { api, clock, duplicateOf, packsAtOnce, pageSize, selects, store } = this.#options;
    const twin = await duplicateOf(signal);
    if (twin !== undefined) {
      // It may have been read before anybody could know; the other source shows it.
      store.forget(this.#index);
      const failure: Failure = {
        reason: 'duplicate_source',
        operation: 'GetCallerIdentity',
        message: `the credentials belong to the account that source "${twin}" reads in this Region already`,
        advice: TELL_SOURCES_APART,
      };
      return { failures: [failure], changes: [] };
    }
    return readScope({
      api,
      pageSize,
      packsAtOnce,
      selects,
      sweep,
      previous: store.state(this.#index).snapshot,
      clock,
      signal,
      accounts: () => store.source(this.scope.source).organization?.accounts.size,
      onProgress: (progress) => store.progress(this.#index, progress),
    });
  }

  /**
   * Tells now and then how far the first refresh has come: until it ends there is nothing to see. By
   * the time and not by what is read, so that silence of AWS shows as well. Returns what ends it.
   */
  #tellProgress(): () => void {
    const { logger, store } = this.#options;
    if (store.state(this.#index).lastRefresh !== undefined) return () => undefined;
    const { region, source } = this.scope;
    const timer = setInterval(() => {
      const { progress } = store.state(this.#index);
      if (progress === undefined) return;
      const fields = { event: 'refresh_progress', source, region, ...reportProgress(progress) };
      logger.info(fields, 'Reading AWS for the first time');
    }, PROGRESS_EVERY_MS);
    return () => clearInterval(timer);
  }

  #log(refresh: LastRefresh, { snapshot, failures }: RefreshResult): void {
    const { logger } = this.#options;
    const { source, region } = this.scope;
    for (const { message: error, packs, ...failure } of groupFailures(failures)) {
      const which = packs.length > 0 ? { packs } : {};
      const line = { event: 'read_failed', source, region, ...failure, error, ...which };
      logger.warn(line, 'Could not read from AWS');
    }
    const fields = {
      event: 'refreshed',
      source,
      region,
      successful: refresh.successful,
      durationMs: refresh.durationMs,
      packs: snapshot?.packs.length,
      accounts: snapshot?.packs.reduce((sum, { detail }) => sum + (detail?.accounts.rows ?? 0), 0),
      failures: failures.length,
    };
    if (refresh.successful) logger.info(fields, 'Refreshed');
    else logger.error(fields, 'Refreshed with failures');
  }
}
