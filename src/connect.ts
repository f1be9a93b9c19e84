import { withConcurrency } from './aws/limits.js';
import type { ConfigApi, IdentityApi, OrganizationsApi, RequestObserver } from './aws/port.js';
import { createAwsSource, DEFAULT_TRANSPORT, type Transport } from './aws/source.js';
import type { Config } from './config/load.js';
import type { Options } from './config/options.js';
import type { SourceConfig } from './config/sources.js';
import type { Scope } from './conformance/snapshot.js';

export interface ConnectOptions {
  /** How AWS is reached, where not as the SDK's environment says. */
  readonly aws?: Partial<Transport> | undefined;
  /** Told of the requests of a scope; nobody is by default. */
  readonly observer?: (scope: Scope) => RequestObserver;
}

/** A source of the configuration, with its connection to AWS, within the limits of the options. */
export interface ConnectedSource {
  readonly name: string;
  readonly regions: readonly string[];
  /** The scope to which calls are counted that are about no Region. */
  readonly home: Scope;
  readonly api: IdentityApi;
  readonly organizations: OrganizationsApi;
  /** AWS Config in one of its Regions. */
  config(region: string): ConfigApi;
  /** Closes all connections. */
  destroy(): void;
}

export function connectSources(
  { options, sources }: Config,
  to: ConnectOptions,
): readonly ConnectedSource[] {
  return sources.map((source) => connectSource(source, options, to));
}

/** Does work with the sources, and closes their connections. */
export async function withSources<Result>(
  config: Config,
  to: ConnectOptions,
  work: (sources: readonly ConnectedSource[]) => Promise<Result>,
): Promise<Result> {
  const sources = connectSources(config, to);
  try {
    return await work(sources);
  } finally {
    for (const source of sources) source.destroy();
  }
}

const nobody: RequestObserver = { attempt: () => undefined, rate: () => undefined };

export function connectSource(
  source: SourceConfig,
  options: Pick<Options, 'refresh.concurrency' | 'refresh.requests-per-second'>,
  { aws: elsewhere, observer = () => nobody }: ConnectOptions,
): ConnectedSource {
  const { name, regions } = source;
  const [region] = regions;
  if (region === undefined) throw new Error(`source ${name} has no Region`);
  const concurrency = options['refresh.concurrency'];
  const transport = {
    ...DEFAULT_TRANSPORT,
    ...elsewhere,
    maxSockets: concurrency,
    requestsPerSecond: options['refresh.requests-per-second'],
  };
  const aws = createAwsSource(source, transport);
  const home = { source: name, region };
  return {
    name,
    regions,
    home,
    api: aws.identityApi(region, observer(home)),
    organizations: aws.organizationsApi(region, observer(home)),
    config: (of) =>
      withConcurrency(aws.configApi(of, observer({ source: name, region: of })), concurrency),
    destroy: () => aws.destroy(),
  };
}

/** Whether a pack matches an inclusion, if there are any, and no exclusion. */
export function packSelector(
  options: Pick<Options, 'packs.include' | 'packs.exclude'>,
): (pack: string) => boolean {
  const { 'packs.exclude': exclude, 'packs.include': include } = options;
  return (pack) =>
    (include.length === 0 || include.some((pattern) => pattern.test(pack))) &&
    !exclude.some((pattern) => pattern.test(pack));
}
