import type { Random } from './clock.js';
import { createCollector, type Collector, type CollectorDeps } from './collector.js';
import type { Config } from './config/load.js';
import type { Options } from './config/options.js';
import { createApp } from './http/app.js';
import { listen, type Listener } from './http/server.js';
import { firstDelay, nextDelay, repeatForever, retryDelay, sleep } from './refresh/loop.js';
import type { Store } from './refresh/store.js';
import { createStatus } from './status/status.js';

export interface ExporterDeps extends Omit<CollectorDeps, 'lifetime'> {
  readonly random: Random;
}

/** The exporter as a whole. */
export interface Exporter {
  /**
   * Listens and begins to refresh. Resolves with the URLs of the landing page, one an address;
   * rejects with a `ListenError` where an address cannot be had.
   */
  start(): Promise<readonly string[]>;
  /** Abandons refreshes, lets scrapes in flight end within a bound, and closes everything. */
  stop(): Promise<void>;
}

/** How long scrapes in flight may take to end: as long as Prometheus waits for one by default. */
const DRAIN_MS = 10_000;

export function createExporter(config: Config, deps: ExporterDeps): Exporter {
  const { options } = config;
  const { logger, version } = deps;
  const collector = createCollector(config, { ...deps, lifetime: 'running' });
  const paths = pathsOf(options);
  const app = createApp({
    exposition: collector.expose,
    status: createStatus({
      store: collector.store,
      views: collector.views,
      maxStalenessMs: options['refresh.max-staleness'],
      version,
      clock: deps.clock,
    }),
    isReady: () => isReady(collector.store),
    version,
    telemetryPath: options['web.telemetry-path'],
    ...paths,
    maxRequests: options['web.max-requests'],
    logger,
  });
  const stopping = new AbortController();
  const listeners: Listener[] = [];
  let loops: Promise<unknown> = Promise.resolve();

  const stop = async () => {
    stopping.abort();
    await Promise.all(listeners.map((listener) => listener.stop(DRAIN_MS)));
    await loops;
    collector.destroy();
  };
  return {
    async start() {
      try {
        for (const address of options['web.listen-address']) {
          listeners.push(await listen(app, address));
        }
      } catch (error) {
        await stop();
        throw error;
      }
      loops = Promise.all(loopsOf(collector, options, deps).map((loop) => loop(stopping.signal)));
      return listeners.map(({ url }) => `${url}${paths.routePrefix}`);
    },
    stop,
  };
}

type Loop = (stop: AbortSignal) => Promise<void>;

/** A loop for each scope and for each source. */
function loopsOf(collector: Collector, options: Options, deps: ExporterDeps): readonly Loop[] {
  const { clock, logger, random } = deps;
  const interval = options['refresh.interval'];
  const accountsInterval = options['accounts.refresh-interval'];
  const scopes = collector.refreshers.map((refresher) => ({
    run: (stop: AbortSignal) => refresher.refresh(stop),
    firstDelayMs: firstDelay(interval, random),
    nextDelayMs: (elapsedMs: number) => nextDelay(interval, elapsedMs, random),
    what: refresher.scope,
  }));
  const sources = collector.sourceRefreshers.map((refresher) => ({
    run: (stop: AbortSignal) => refresher.refresh(stop),
    firstDelayMs: 0,
    nextDelayMs: (elapsedMs: number) =>
      refresher.failuresInARow === 0
        ? nextDelay(accountsInterval, elapsedMs, random)
        : retryDelay(accountsInterval, refresher.failuresInARow, random),
    what: { source: refresher.name },
  }));
  return [...scopes, ...sources].map(
    (loop) => (stop) => repeatForever({ ...loop, clock, logger, sleep }, stop),
  );
}

/** Every scope has been tried once, and one has data. */
function isReady(store: Store): boolean {
  return store.tried && store.states.some(({ snapshot }) => snapshot !== undefined);
}

/** Where the routes are, and where links point to: a proxy may serve the one below the other. */
function pathsOf(options: Options): { routePrefix: string; linkPrefix: string } {
  const external = options['web.external-url'];
  const externalPath = external === undefined ? undefined : new URL(external).pathname;
  const routePrefix = options['web.route-prefix'] ?? externalPath ?? '/';
  return { routePrefix, linkPrefix: (externalPath ?? routePrefix).replace(/\/+$/, '') };
}
