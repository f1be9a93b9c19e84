import type { Random } from './clock.js';
import { createCollector, type CollectorDeps } from './collector.js';
import type { Config } from './config/load.js';
import type { Options } from './config/options.js';
import { createApp } from './http/app.js';
import { listen, type Listener } from './http/server.js';
import { refreshForever, sleep } from './refresh/loop.js';
import type { Store } from './refresh/store.js';

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
  const { clock, logger, random, version } = deps;
  const collector = createCollector(config, { ...deps, lifetime: 'running' });
  const paths = pathsOf(options);
  const app = createApp({
    exposition: collector.expose,
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
      const loopOptions = { clock, intervalMs: options['refresh.interval'], logger, random, sleep };
      loops = Promise.all(
        collector.refreshers.map((refresher) =>
          refreshForever({ ...loopOptions, refresher }, stopping.signal),
        ),
      );
      return listeners.map(({ url }) => `${url}${paths.routePrefix}`);
    },
    stop,
  };
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
