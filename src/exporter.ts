import { createCollector, type CollectorDeps } from './collector.js';
import type { Config } from './config/load.js';
import type { Options } from './config/options.js';
import { createApp } from './http/app.js';
import { listen, type Listener } from './http/server.js';
import { createLoops, type LoopsDeps } from './loops.js';
import { selectionOf } from './refreshers.js';
import { planReload } from './reload.js';
import type { Store } from './refresh/store.js';
import { createStatusReader } from './status/status.js';
import { createStateKeeper } from './state-keeper.js';
import { createWebAccess } from './web-access.js';

export interface ExporterDeps extends Omit<CollectorDeps, 'lifetime' | 'webConfig'>, LoopsDeps {
  /** Reads the configuration anew. Rejects with an error that lists everything that is wrong. */
  readonly readConfig: () => Promise<Config>;
}

/** How an attempt to read the configuration anew ended. */
export interface ReloadOutcome {
  readonly successful: boolean;
  /** For whoever asked for it. */
  readonly message: string;
}

/** The exporter as a whole. */
export interface Exporter {
  /**
   * Listens and begins to refresh. Resolves with the URLs of the landing page, one an address;
   * rejects with a `ListenError` where an address cannot be had.
   */
  start(): Promise<readonly string[]>;
  /**
   * Reads the configuration anew, and goes on with it; what is wrong is logged, shown in a metric and
   * told, and everything stays as it was. Never rejects.
   */
  reload(): Promise<ReloadOutcome>;
  /** Abandons refreshes, lets scrapes in flight end within a bound, and closes everything. */
  stop(): Promise<void>;
}

/** How long scrapes in flight may take to end: as long as Prometheus waits for one by default. */
const DRAIN_MS = 10_000;

export function createExporter(config: Config, deps: ExporterDeps): Exporter {
  const { clock, logger, readConfig, version } = deps;
  const listeners: Listener[] = [];
  const access = createWebAccess(config, {
    clock,
    logger,
    onTls: (tls) => listeners.forEach((listener) => listener.secure(tls)),
  });
  const collector = createCollector(config, {
    ...deps,
    lifetime: 'running',
    webConfig: access?.state,
  });
  const statePath = config.options['state.file'];
  const keeper =
    statePath === undefined
      ? undefined
      : createStateKeeper({
          ...deps,
          path: statePath,
          store: collector.store,
          selects: selectionOf(config),
          onTried: (successful) => collector.selfMetrics.stateFileTried(successful, clock()),
        });
  const { shard } = config;
  const { store, views } = collector;
  const paths = pathsOf(config.options);
  const loops = createLoops(deps);
  let current = config;
  let stopWatching = () => Promise.resolve();
  let stopKeeping = () => Promise.resolve();
  let reloading: Promise<unknown> = Promise.resolve();
  let stopped = false;

  const apply = async (next: Config) => {
    await collector.reconfigure(next, (refreshers) => loops.keepOnly(refreshers));
    logger.level = next.options['log.level'];
    current = next;
    // A stop that came meanwhile has the last word.
    if (!stopped) loops.run(collector.refreshers, next.options);
  };
  const reload = async (): Promise<ReloadOutcome> => {
    try {
      const { config: next, needRestart, ...plan } = planReload(current, await readConfig());
      const webChanged = access?.reload() ?? false;
      if (plan.changed) await apply(next);
      const changed = plan.changed || webChanged;
      collector.selfMetrics.configurationRead(true, clock());
      logger.info({ event: 'reloaded', changed, needRestart }, 'Read the configuration');
      const rest = needRestart.map((name) => `--${name} takes effect with a restart only.\n`);
      const message = changed ? 'Reloaded.' : 'Read, and nothing is to be changed.';
      return { successful: true, message: `${message}\n${rest.join('')}` };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      collector.selfMetrics.configurationRead(false, clock());
      logger.error({ event: 'reload_failed', reason }, 'Kept the configuration of before');
      return { successful: false, message: `The configuration of before is kept.\n${reason}\n` };
    }
  };
  // One after the other: each holds what it read against what the one before left.
  const reloadInTurn = () => {
    const turn = reloading.then(reload);
    reloading = turn;
    return turn;
  };

  const app = createApp({
    exposition: collector.expose,
    status: createStatusReader({ store, views, shard, version, clock }),
    isReady: () => isReady(collector.store),
    reload: reloadInTurn,
    version,
    runbooksUrl: config.options['web.runbooks-url'],
    telemetryPath: config.options['web.telemetry-path'],
    ...paths,
    maxRequests: config.options['web.max-requests'],
    guard: access?.guard,
    healthWithoutAuth: config.options['web.health-without-auth'],
    logger,
  });
  const stop = async () => {
    stopped = true;
    const closing = listeners.map((listener) => listener.stop(DRAIN_MS));
    await Promise.all([loops.stop(), stopWatching(), ...closing]);
    await reloading;
    // Last, so that it holds what the last refresh found.
    await stopKeeping();
    collector.destroy();
  };
  return {
    async start() {
      await keeper?.restore();
      try {
        for (const address of config.options['web.listen-address']) {
          listeners.push(await listen(app, address, access?.tls));
        }
      } catch (error) {
        await stop();
        throw error;
      }
      loops.run(collector.refreshers, config.options);
      if (access) stopWatching = access.watch();
      if (keeper) stopKeeping = keeper.start();
      return listeners.map(({ url }) => `${url}${paths.routePrefix}`);
    },
    reload: reloadInTurn,
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
