import { isDeepStrictEqual } from 'node:util';
import type { Clock } from './clock.js';
import type { Config } from './config/load.js';
import { loadWebConfig } from './config/web-config.js';
import { createGuard, type Guard } from './http/guard.js';
import type { TlsOptions } from './http/server.js';
import { createWebConfig } from './http/web-config.js';
import type { TlsSettings } from './http/web-settings.js';
import type { Logger } from './log.js';
import type { WebConfigState } from './metrics/self-gauges.js';
import { repeatForever, sleep } from './refresh/loop.js';

export interface WebAccessDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears of TLS after each reload. */
  readonly onTls: (tls: TlsSettings) => void;
}

/** What a web configuration file asks for, in force. */
export interface WebAccess {
  readonly guard: Guard;
  /** For whoever begins to listen now; `undefined` for plain HTTP. */
  readonly tls: TlsOptions | undefined;
  /** For the metrics. */
  readonly state: WebConfigState;
  /**
   * Reads the file now, and tells whether that changed anything. Throws an error that lists everything
   * that is wrong, and then nothing has changed.
   */
  reload(): boolean;
  /** Reloads whenever the file changes, until the function that it returns is called. */
  watch(): () => Promise<void>;
}

const WATCH_INTERVAL_MS = 1_000;

/** `undefined` without a web configuration file. */
export function createWebAccess(
  { options, web }: Config,
  { clock, logger, onTls }: WebAccessDeps,
): WebAccess | undefined {
  const file = options['web.config.file'];
  if (file === undefined || web === undefined) return undefined;
  const load = (readFile: (path: string) => string) => loadWebConfig(file, readFile);
  const webConfig = createWebConfig({ file, initial: web, load, onTls, logger });
  return {
    guard: createGuard(() => webConfig.settings, clock),
    get tls() {
      const { tls } = webConfig.settings;
      return tls && { tls, logger };
    },
    state: {
      get lastReloadSuccessful() {
        return webConfig.lastReloadSuccessful;
      },
      get certificateNotAfter() {
        return webConfig.settings.tls?.notAfter;
      },
    },
    reload() {
      const before = webConfig.settings;
      const problems = webConfig.reload();
      if (problems.length === 0) return !isDeepStrictEqual(webConfig.settings, before);
      throw new Error(problems.map(({ message, path }) => `${path}: ${message}`).join('\n'));
    },
    watch() {
      const stopping = new AbortController();
      const loop = repeatForever(
        {
          run: () => webConfig.reloadIfChanged(),
          firstDelayMs: 0,
          nextDelayMs: () => WATCH_INTERVAL_MS,
          what: { file },
          clock,
          logger,
          sleep,
        },
        stopping.signal,
      );
      return async () => {
        stopping.abort();
        await loop;
      };
    },
  };
}
