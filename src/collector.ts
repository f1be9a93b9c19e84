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
import { createExposition, type Exposition } from './metrics/exposition.js';
import { SelfMetrics, type SelfMetricsOptions } from './metrics/self-metrics.js';
import { Views } from './metrics/view.js';
import { Identities, type IdentifiedSource } from './refresh/identities.js';
import { Refresher } from './refresh/refresher.js';
import { SourceRefresher } from './refresh/source-refresher.js';
import { Store } from './refresh/store.js';

export interface CollectorDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** How AWS is reached, where not as the SDK's environment says. */
  readonly aws?: Partial<Transport>;
  /** Whether metrics are for a process that runs, or for a file that outlives it. */
  readonly lifetime: SelfMetricsOptions['lifetime'];
}

/** From AWS to the exposition; what drives it and what serves it stand above. */
export interface Collector {
  readonly store: Store;
  /** One for each scope. */
  readonly refreshers: readonly Refresher[];
  /** One for each source. */
  readonly sourceRefreshers: readonly SourceRefresher[];
  readonly views: Views;
  readonly expose: Exposition;
  /** Closes all connections to AWS. */
  destroy(): void;
}

export function createCollector(config: Config, deps: CollectorDeps): Collector {
  const { options } = config;
  const { clock, lifetime, logger, version } = deps;
  const live = lifetime === 'running';
  const scopes = config.sources.flatMap((source) =>
    source.regions.map((region) => ({
      source,
      scope: { source: source.name, region },
      expectedPacks: source.expectedPacks,
    })),
  );
  const store = new Store(scopes.map(({ expectedPacks, scope }) => ({ expectedPacks, scope })));
  const views = new Views(store, {
    series: options['accounts.series'],
    age: live ? options['accounts.age'] : 'never',
    samplesLimit: options['samples.limit'],
    maxStalenessMs: options['refresh.max-staleness'],
    live,
  });
  const selfMetrics = new SelfMetrics({
    store,
    view: () => views.at(clock()),
    version,
    startedAt: clock(),
    refreshIntervalMs: options['refresh.interval'],
    samplesLimit: options['samples.limit'],
    readsAccounts: options['collector.accounts'],
    lifetime,
    processMetrics: !options['web.disable-exporter-metrics'],
  });
  const sources = connect(config.sources, deps, options, selfMetrics);
  const identities = new Identities(sources);
  const selects = packSelector(options);

  const refreshers = scopes.map(({ scope, source }, index) => {
    const aws = sources.find(({ name }) => name === source.name)?.aws;
    if (aws === undefined) throw new Error(`no connection for source ${source.name}`);
    const api = aws.configApi(scope.region, selfMetrics.requestObserver(scope));
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
      onRefreshed: (refreshed, refresh) => selfMetrics.refreshed(refreshed, refresh),
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
    store,
    refreshers,
    sourceRefreshers,
    views,
    expose: createExposition({ views, registry: selfMetrics.registry, clock }),
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
  { aws: elsewhere }: CollectorDeps,
  options: Options,
  selfMetrics: SelfMetrics,
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
