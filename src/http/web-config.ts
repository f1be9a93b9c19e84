import { readFileSync } from 'node:fs';
import type { Logger } from '../log.js';
import { stampOf, stampOfSync } from './file-stamp.js';
import type { TlsSettings, WebSettings } from './web-settings.js';

/** Something wrong with the file: where, and what. */
export interface WebProblem {
  readonly path: string;
  readonly message: string;
}

export interface WebConfigOptions {
  readonly file: string;
  /** What it held at the start. */
  readonly initial: WebSettings;
  /** Reads the file and all files that it names, with the function that it is given. */
  readonly load: (readFile: (path: string) => string) => {
    readonly config?: WebSettings | undefined;
    readonly problems: readonly WebProblem[];
  };
  /** Hears of TLS after each reload, for the connections to come. */
  readonly onTls: (tls: TlsSettings) => void;
  readonly logger: Logger;
}

/** A web configuration file, and what it holds now. */
export interface WebConfig {
  /** What the file held when it was last right. */
  readonly settings: WebSettings;
  /** Whether the file was right when it was last read. */
  readonly lastReloadSuccessful: boolean;
  /** Reads the file now. Where it is wrong, the settings stay as they are; returns what is wrong. */
  reload(): readonly WebProblem[];
  /**
   * Reloads where a file has changed since it was read, and has not changed since the last call: a
   * certificate and its key, copied one after the other, are taken together. Reads everything at the
   * first call, which is to come right after the start.
   *
   * Asking for the state of the files is all that works wherever they are mounted. Kubernetes swaps a
   * link two levels above a file, which a watch on that file never sees; network file systems report
   * nothing; watches run out on crowded nodes. Asked every second it costs four calls of `stat`, off
   * the event loop, however many scrapes there are.
   */
  reloadIfChanged(): Promise<void>;
}

export function createWebConfig(options: WebConfigOptions): WebConfig {
  const { file, load, logger, onTls } = options;
  let { initial: settings } = options;
  let lastReloadSuccessful = true;
  /** The stamp that each file had just before it was read, so that no change falls in between. */
  let read: Map<string, string> | undefined;
  let lastSeen: string | undefined;

  const reload = () => {
    const stamps = (read = new Map<string, string>());
    const { config, problems } = load((path) => {
      stamps.set(path, stampOfSync(path));
      return readFileSync(path, 'utf8');
    });
    if (config === undefined) return refuse(problems);
    const isTls = config.tls !== undefined;
    if (isTls !== (settings.tls !== undefined)) {
      const message = `turns TLS ${isTls ? 'on' : 'off'}, which needs a restart`;
      return refuse([{ path: file, message }]);
    }
    settings = config;
    lastReloadSuccessful = true;
    if (config.tls) onTls(config.tls);
    const what = { tls: isTls, certificateNotAfter: dateOf(config.tls), users: config.users.size };
    logger.info({ event: 'web_config_loaded', file, ...what }, 'Loaded the web configuration');
    return [];
  };
  const refuse = (problems: readonly WebProblem[]) => {
    lastReloadSuccessful = false;
    const told = problems.map(({ message, path }) => `${path}: ${message}`);
    const what = { event: 'web_config_refused', file, problems: told };
    logger.error(what, 'The web configuration is wrong, the one before stays');
    return problems;
  };
  return {
    get settings() {
      return settings;
    },
    get lastReloadSuccessful() {
      return lastReloadSuccessful;
    },
    reload,
    async reloadIfChanged() {
      if (read === undefined) {
        reload();
        return;
      }
      const known = [...read];
      const stamps = await Promise.all(known.map(([path]) => stampOf(path)));
      const seen = stamps.join();
      const isSettled = seen === lastSeen;
      lastSeen = seen;
      if (isSettled && known.some(([, stamp], index) => stamp !== stamps[index])) reload();
    },
  };
}

function dateOf(tls: TlsSettings | undefined): string | undefined {
  return tls && new Date(tls.notAfter).toISOString();
}
