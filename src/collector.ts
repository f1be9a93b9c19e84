import type { Config } from './config/load.js';
import type { Options } from './config/options.js';
import { createExposition, type Exposition } from './metrics/exposition.js';
import { SelfMetrics, type SelfMetricsOptions } from './metrics/self-metrics.js';
import { Views, type ViewOptions } from './metrics/view.js';
import { createRefreshers, scopesOf, type Refreshers, type RefreshersDeps } from './refreshers.js';
import { tellsAccounts } from './refresh/shard.js';
import { Store } from './refresh/store.js';

export interface CollectorDeps extends Omit<
  RefreshersDeps,
  'store' | 'selfMetrics' | 'onRefreshed'
> {
  readonly version: string;
  /** Whether metrics are for a process that runs, or for a file that outlives it. */
  readonly lifetime: SelfMetricsOptions['lifetime'];
  /** What came of the web configuration file, where there is one. */
  readonly webConfig?: SelfMetricsOptions['webConfig'];
}

/** From AWS to the exposition; what drives it and what serves it stand above. */
export interface Collector {
  readonly store: Store;
  readonly selfMetrics: SelfMetrics;
  readonly refreshers: Refreshers;
  readonly views: Views;
  readonly expose: Exposition;
  /**
   * Goes on with another configuration. What is known of sources and Regions that it still has stays.
   * `settle` is to bring to rest those refreshers of before that are not among the ones to come.
   */
  reconfigure(config: Config, settle: (next: Refreshers) => Promise<void>): Promise<void>;
  /** Closes all connections to AWS. */
  destroy(): void;
}

export function createCollector(config: Config, deps: CollectorDeps): Collector {
  const { clock, lifetime, version } = deps;
  const { options } = config;
  const live = lifetime === 'running';
  const store = new Store(scopesOf(config));
  const views = new Views(store, viewOptions(config, live));
  const selfMetrics = new SelfMetrics({
    store,
    view: () => views.last,
    version,
    shard: config.shard,
    startedAt: clock(),
    webConfig: deps.webConfig,
    settings: settingsOf(config),
    lifetime,
    processMetrics: !options['web.disable-exporter-metrics'],
  });
  const { expose, prepare } = createExposition({ views, registry: selfMetrics.registry, clock });
  let refreshers = createRefreshers(config, {
    ...deps,
    store,
    selfMetrics,
    onRefreshed: prepare,
  });
  return {
    store,
    selfMetrics,
    views,
    get refreshers() {
      return refreshers;
    },
    expose,
    async reconfigure(next, settle) {
      // First, since only this can fail: then everything is as it was.
      const successors = refreshers.succeed(next);
      await settle(successors);
      for (const connection of refreshers.connections) {
        if (!successors.connections.includes(connection)) connection.destroy();
      }
      refreshers = successors;
      store.reconfigure(scopesOf(next));
      views.configure(viewOptions(next, live));
      selfMetrics.configure(settingsOf(next));
    },
    destroy() {
      for (const connection of refreshers.connections) connection.destroy();
    },
  };
}

function viewOptions({ options, shard }: Config, live: boolean): ViewOptions {
  return {
    series: options['accounts.series'],
    age: live ? options['accounts.age'] : 'never',
    samplesLimit: options['samples.limit'],
    maxStalenessMs: options['refresh.max-staleness'],
    accountsMaxStalenessMs: accountsMaxStaleness(options),
    tellsAccounts: tellsAccounts(shard),
    live,
  };
}

/** Accounts that are read less often than data may be old are good for two readings. */
function accountsMaxStaleness(options: Options): number {
  const maxStaleness = options['refresh.max-staleness'];
  return maxStaleness === 0 ? 0 : Math.max(maxStaleness, 2 * options['accounts.refresh-interval']);
}

function settingsOf({ options }: Config): SelfMetricsOptions['settings'] {
  const refreshIntervalMs = options['refresh.interval'];
  return {
    refreshIntervalMs,
    sweepIntervalMs: refreshIntervalMs * options['refresh.sweep-every'],
    samplesLimit: options['samples.limit'],
    readsAccounts: options['collector.accounts'],
  };
}
