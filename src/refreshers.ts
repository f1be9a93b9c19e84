import { withConcurrency, withGentleRate, withRateLimit } from './aws/limits.js';
import type { OrganizationsApi } from './aws/port.js';
import {
  createAwsSource,
  DEFAULT_TRANSPORT,
  type AwsSource,
  type Transport,
} from './aws/source.js';
import type { Clock } from './clock.js';
import type { Config } from './config/load.js';
import type { Options } from './config/options.js';
import type { SourceConfig } from './config/sources.js';
import type { Scope } from './conformance/snapshot.js';
import type { Logger } from './log.js';
import type { SelfMetrics } from './metrics/self-metrics.js';
import { Identities, type IdentifiedSource } from './refresh/identities.js';
import { Refresher } from './refresh/refresher.js';
import { SourceRefresher } from './refresh/source-refresher.js';
import type { Store, StoreScope } from './refresh/store.js';

export interface RefreshersDeps {
  readonly store: Store;
  readonly selfMetrics: SelfMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Awaited behind each refresh of a scope, before the next. */
  readonly onRefreshed: () => Promise<void>;
  /** How AWS is reached, where not as the SDK's environment says. */
  readonly aws?: Partial<Transport>;
}

/** What fills the store, for one configuration. */
export interface Refreshers {
  /** One for each scope, in the order of {@link scopesOf}. */
  readonly scopes: readonly Refresher[];
  /** One for each source. */
  readonly sources: readonly SourceRefresher[];
  /** Closes all connections to AWS. */
  destroy(): void;
}

/** The scopes of a configuration: every Region of every source. */
export function scopesOf({ sources }: Config): readonly StoreScope[] {
  return sources.flatMap(({ expectedPacks, name, regions }) =>
    regions.map((region) => ({ scope: { source: name, region }, expectedPacks })),
  );
}

/** What they fill is the store with the scopes of this configuration. */
export function createRefreshers(config: Config, deps: RefreshersDeps): Refreshers {
  const { options } = config;
  const { clock, logger, selfMetrics, store } = deps;
  const sources = connect(config.sources, options, deps);
  const identities = new Identities(sources);
  const selects = packSelector(options);

  const scopes = scopesOf(config).map(({ scope }, index) => {
    const source = sources.find(({ name }) => name === scope.source);
    if (source === undefined) throw new Error(`no connection for source ${scope.source}`);
    const api = source.aws.configApi(scope.region, selfMetrics.requestObserver(scope));
    const paced = withRateLimit(api, options['refresh.requests-per-second']);
    return new Refresher({
      api: withConcurrency(paced, options['refresh.concurrency']),
      store,
      index,
      duplicateOf: (signal) => identities.duplicateOf(scope.source, scope.region, signal),
      selects,
      pageSize: options['refresh.page-size'],
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
      for (const { aws } of sources) aws.destroy();
    },
  };
}

/** A source of the configuration, with its connection to AWS. */
interface ConnectedSource extends IdentifiedSource {
  readonly aws: AwsSource;
  readonly organizations: OrganizationsApi;
  /** The scope to which calls are counted that are about no Region. */
  readonly home: Scope;
}

function connect(
  sources: readonly SourceConfig[],
  options: Options,
  { aws: elsewhere, selfMetrics }: RefreshersDeps,
): readonly ConnectedSource[] {
  return sources.map((source) => {
    const { name, regions } = source;
    const [region] = regions;
    if (region === undefined) throw new Error(`source ${name} has no Region`);
    const transport = {
      ...DEFAULT_TRANSPORT,
      ...elsewhere,
      maxSockets: options['refresh.concurrency'],
    };
    const aws = createAwsSource(source, transport);
    const home = { source: name, region };
    const observer = selfMetrics.requestObserver(home);
    const organizations = aws.organizationsApi(region, observer);
    return {
      name,
      regions,
      aws,
      api: aws.identityApi(region, observer),
      organizations: withGentleRate(organizations, transport.organizationsPerSecond),
      home,
    };
  });
}

/** Whether a pack is to be read: it matches an inclusion, if there are any, and no exclusion. */
function packSelector(options: Options): (pack: string) => boolean {
  const { 'packs.exclude': exclude, 'packs.include': include } = options;
  return (pack) =>
    (include.length === 0 || include.some((pattern) => pattern.test(pack))) &&
    !exclude.some((pattern) => pattern.test(pack));
}
