import type { Clock } from './clock.js';
import type { Scope } from './conformance/snapshot.js';
import type { Logger } from './log.js';
import { repeatForever, type Sleep } from './refresh/loop.js';
import {
  readStateFile,
  removeLeftovers,
  StateFileError,
  writeStateFile,
} from './refresh/state-file.js';
import type { KeptState, Store } from './refresh/store.js';

export interface StateKeeperOptions {
  readonly path: string;
  readonly store: Store;
  /** Whether a pack is still to be read. */
  readonly selects: (scope: Scope, pack: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sleep: Sleep;
}

/** Keeps what is known on disk, so that a restart need not begin with nothing. */
export interface StateKeeper {
  /** Puts what the file holds into the store. What is wrong with it is logged, and costs nothing else. */
  restore(): Promise<void>;
  /** Writes whenever something new is known; the function that it returns writes a last time. */
  start(): () => Promise<void>;
}

/** How often it is looked whether there is something new. */
const INTERVAL_MS = 5_000;

export function createStateKeeper(options: StateKeeperOptions): StateKeeper {
  const { clock, logger, path, selects, sleep, store } = options;
  let written = store.version;

  const write = async () => {
    const { version } = store;
    if (version === written) return;
    const startedAt = clock();
    try {
      await writeStateFile(path, { scopes: [...store.states], sources: store.sources });
      written = version;
      const durationMs = clock() - startedAt;
      logger.debug({ event: 'state_written', file: path, durationMs }, 'Wrote the state file');
    } catch (error) {
      const fields = { event: 'state_failed', file: path, err: error };
      logger.error(fields, 'Could not write the state file; it is tried again');
    }
  };
  const selected = ({ snapshot, ...rest }: KeptState['scopes'][number]) => {
    const packs = snapshot?.packs.filter(({ name }) => selects(rest.scope, name)) ?? [];
    return { ...rest, snapshot: snapshot && { ...snapshot, packs } };
  };
  return {
    async restore() {
      await removeLeftovers(path, clock());
      try {
        const kept = await readStateFile(path);
        if (kept === undefined) return;
        const scopes = store.restore({ ...kept, scopes: kept.scopes.map(selected) });
        written = store.version;
        logger.info({ event: 'state_restored', file: path, scopes }, 'Read the state file');
      } catch (error) {
        if (!(error instanceof StateFileError)) throw error;
        const fields = { event: 'state_ignored', file: path, reason: error.message };
        logger.warn(fields, 'Cannot use the state file, and begin with nothing');
      }
    },
    start() {
      const stopping = new AbortController();
      const loop = repeatForever(
        {
          run: write,
          firstDelayMs: INTERVAL_MS,
          nextDelayMs: () => INTERVAL_MS,
          what: { file: path },
          clock,
          logger,
          sleep,
        },
        stopping.signal,
      );
      return async () => {
        stopping.abort();
        await loop;
        await write();
      };
    },
  };
}
