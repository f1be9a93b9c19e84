import type { Clock } from './clock.js';
import type { Config } from './config/load.js';
import { connectSources, packSelector, type ConnectOptions } from './connect.js';
import type { Scope } from './conformance/snapshot.js';
import type { Logger } from './log.js';
import type { SelfMetrics } from './metrics/self-metrics.js';
import { Identities } from './refresh/identities.js';
import { Refresher } from './refresh/refresher.js';
import { ownsPack } from './refresh/shard.js';
import { SourceRefresher } from './refresh/source-refresher.js';
import type { Store, StoreScope } from './refresh/store.js';

export interface RefreshersDeps extends Pick<ConnectOptions, 'aws'> {
  readonly store: Store;
  readonly selfMetrics: SelfMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Awaited behind each refresh of a scope, before the next. */
  readonly onRefreshed: () => Promise<void>;
}

/** What fills the store, for one configuration. */
export interface Refreshers {
  /** One for each scope, in the order of {@link scopesOf}. */
  readonly scopes: readonly Pick<Refresher, 'refresh' | 'scope'>[];
  /** One for each source. */
  readonly sources: readonly Pick<
    SourceRefresher,
    'refresh' | 'name' | 'complete' | 'failuresInARow'
  >[];
  /** Closes all connections to AWS. */
  destroy(): void;
}

/** The scopes of a configuration: every Region of every source, with what the shard is to expect there. */
export function scopesOf({ shard, sources }: Config): readonly StoreScope[] {
  return sources.flatMap(({ expectedPacks, name, profile, regions, roleArn }) =>
    regions.map((region) => {
      const scope = { source: name, region };
      return {
        scope,
        access: JSON.stringify([profile, roleArn]),
        expectedPacks: expectedPacks.filter((pack) => ownsPack(shard, scope, pack)),
      };
    }),
  );
}

/** Whether a pack of a scope is to be read by this process. */
export function selectionOf({ options, shard }: Config): (scope: Scope, pack: string) => boolean {
  const matches = packSelector(options);
  return (scope, pack) => matches(pack) && ownsPack(shard, scope, pack);
}

/** What they fill is the store with the scopes of this configuration. */
export function createRefreshers(config: Config, deps: RefreshersDeps): Refreshers {
  const { options } = config;
  const { clock, logger, selfMetrics, store } = deps;
  const sources = connectSources(config, {
    aws: deps.aws,
    observer: (scope) => selfMetrics.requestObserver(scope),
  });
  const identities = new Identities(sources);
  const selects = selectionOf(config);

  const scopes = scopesOf(config).map(({ scope }, index) => {
    const source = sources.find(({ name }) => name === scope.source);
    if (source === undefined) throw new Error(`no connection for source ${scope.source}`);
    return new Refresher({
      api: source.config(scope.region),
      scope,
      store,
      index,
      duplicateOf: (signal) => identities.duplicateOf(scope.source, scope.region, signal),
      selects: (pack) => selects(scope, pack),
      pageSize: options['refresh.page-size'],
      packsAtOnce: options['refresh.concurrency'],
      sweepEvery: options['refresh.sweep-every'],
      timeoutMs: options['refresh.timeout'],
      clock,
      logger,
      onRefreshed: (refreshed, refresh) => {
        selfMetrics.refreshed(refreshed, refresh);
        return deps.onRefreshed();
      },
    });
  });
  const sourceRefreshers = sources.map(
    (source) =>
      new SourceRefresher({
        source,
        identities,
        api: source.organizations,
        readsAccounts: options['collector.accounts'],
        store,
        timeoutMs: options['refresh.timeout'],
        clock,
        logger,
        onFailure: (failure) => selfMetrics.callFailed(source.home, failure),
      }),
  );
  return {
    scopes,
    sources: sourceRefreshers,
    destroy: () => {
      for (const source of sources) source.destroy();
    },
  };
}
