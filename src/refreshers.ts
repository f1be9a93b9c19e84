import type { Clock } from './clock.js';
import type { Config } from './config/load.js';
import type { OptionName, Options } from './config/options.js';
import type { SourceConfig } from './config/sources.js';
import {
  connectSource,
  packSelector,
  type ConnectedSource,
  type ConnectOptions,
} from './connect.js';
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
  /** To AWS, one for each source. */
  readonly connections: readonly Pick<ConnectedSource, 'destroy'>[];
  /**
   * The same for another configuration. Where nothing has changed about how a scope or a source is
   * read its refresher stays, and what it has under way goes on.
   */
  succeed(config: Config): Refreshers;
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

/** The options that decide how AWS is read: all that refreshers and connections are made of. */
const READING = [
  'refresh.timeout',
  'refresh.concurrency',
  'refresh.requests-per-second',
  'refresh.sweep-every',
  'refresh.page-size',
  'packs.include',
  'packs.exclude',
  'collector.accounts',
] as const satisfies readonly OptionName[];

/** What has been made, by all that it was made of. */
interface Parts {
  readonly connections: Map<string, ConnectedSource>;
  readonly scopes: Map<string, Refresher>;
  readonly sources: Map<string, SourceRefresher>;
}

const noParts = (): Parts => ({ connections: new Map(), scopes: new Map(), sources: new Map() });

/** What they fill is the store with the scopes of this configuration. */
export function createRefreshers(config: Config, deps: RefreshersDeps): Refreshers {
  return assemble(config, deps, new Identities(), noParts());
}

function assemble(
  config: Config,
  deps: RefreshersDeps,
  identities: Identities,
  before: Parts,
): Refreshers {
  const { clock, logger, selfMetrics, store } = deps;
  const options: Pick<Options, (typeof READING)[number]> = config.options;
  const how = READING.map((name) => [options[name]].flat().map(String));
  const selects = selectionOf(config);
  const parts = noParts();

  const connect = (source: SourceConfig) => {
    const { externalId, name, profile, regions, roleArn } = source;
    const keyAt = (home: string | undefined) =>
      JSON.stringify([how, name, profile, roleArn, externalId, home]);
    // Another Region that comes first is no reason to leave the one where the connection is at home.
    const home = regions.find((region) => before.connections.has(keyAt(region))) ?? regions[0];
    const key = keyAt(home);
    const make = () =>
      connectSource(source, options, {
        aws: deps.aws,
        observer: (scope) => selfMetrics.requestObserver(scope),
      });
    return { key, connection: takeOver(key, before.connections, parts.connections, make) };
  };
  const refreshScope = (scope: Scope, key: string, connection: ConnectedSource) =>
    takeOver(JSON.stringify([key, scope.region]), before.scopes, parts.scopes, () => {
      return new Refresher({
        api: connection.config(scope.region),
        scope,
        store,
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
  const refreshSource = (key: string, source: ConnectedSource) =>
    takeOver(key, before.sources, parts.sources, () => {
      return new SourceRefresher({
        source,
        identities,
        api: source.organizations,
        readsAccounts: options['collector.accounts'],
        store,
        timeoutMs: options['refresh.timeout'],
        clock,
        logger,
        onFailure: (failure) => selfMetrics.callFailed(source.home, failure),
      });
    });

  const sources = config.sources.map((source) => ({ ...source, ...connect(source) }));
  identities.reconfigure(
    sources.map(({ connection: { api }, name, regions }) => ({ name, regions, api })),
  );
  return {
    scopes: sources.flatMap(({ connection, key, name, regions }) =>
      regions.map((region) => refreshScope({ source: name, region }, key, connection)),
    ),
    sources: sources.map(({ connection, key }) => refreshSource(key, connection)),
    connections: [...parts.connections.values()],
    succeed: (next) => assemble(next, deps, identities, parts),
  };
}

/** What was made before of the same, or else what is made now. */
function takeOver<Part>(
  key: string,
  before: ReadonlyMap<string, Part>,
  parts: Map<string, Part>,
  make: () => Part,
): Part {
  const part = before.get(key) ?? make();
  parts.set(key, part);
  return part;
}
