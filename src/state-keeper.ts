import type { Clock, Random } from './clock.js';
import type { Scope } from './conformance/snapshot.js';
import type { Logger } from './log.js';
import { repeatForever, retryDelay, type Sleep } from './refresh/loop.js';
import {
  checkStateFile,
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
  /** Told whether the file could be written, whenever that has been tried. */
  readonly onTried: (successful: boolean) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly sleep: Sleep;
}

/** Keeps what is known on disk, so that a restart need not begin with nothing. */
export interface StateKeeper {
  /**
   * Puts what the file holds into the store, and looks whether it can be written. What is wrong is
   * logged, and costs nothing else.
   */
  restore(): Promise<void>;
  /** Writes whenever something new is known; the function that it returns writes a last time. */
  start(): () => Promise<void>;
}

/** How long to wait at least before it is looked whether there is something new. */
const INTERVAL_MS = 5_000;
/** How long to wait at most: until another attempt where the last failed, too. */
const LONGEST_WAIT_MS = 600_000;
/** The part of the time that may go into writing: with many Regions there is always something new. */
const WRITING_SHARE = 0.05;

export function createStateKeeper(options: StateKeeperOptions): StateKeeper {
  const { clock, logger, onTried, path, random, selects, sleep, store } = options;
  let written = store.version;
  /** Why it cannot be written; said once, however often it is tried. */
  let trouble: string | undefined;
  let failuresInARow = 0;

  const failed = (error: unknown) => {
    onTried(false);
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === trouble) return;
    trouble = reason;
    const fields = { event: 'state_failed', file: path };
    const message = 'Cannot write the state file; it is tried again';
    if (error instanceof StateFileError) logger.warn({ ...fields, reason }, message);
    // A defect of ours.
    else logger.error({ ...fields, err: error }, message);
  };
  const write = async () => {
    const { version } = store;
    if (version === written) return;
    const startedAt = clock();
    try {
      await writeStateFile(path, { scopes: [...store.states], sources: store.sources });
    } catch (error) {
      failuresInARow++;
      failed(error);
      return;
    }
    written = version;
    failuresInARow = 0;
    onTried(true);
    const durationMs = clock() - startedAt;
    logger.debug({ event: 'state_written', file: path, durationMs }, 'Wrote the state file');
    if (trouble === undefined) return;
    trouble = undefined;
    logger.info({ event: 'state_recovered', file: path }, 'The state file can be written again');
  };
  const selected = ({ snapshot, ...rest }: KeptState['scopes'][number]) => {
    const packs = snapshot?.packs.filter(({ name }) => selects(rest.scope, name)) ?? [];
    return { ...rest, snapshot: snapshot && { ...snapshot, packs } };
  };
  return {
    async restore() {
      await removeLeftovers(path, clock());
      await checkStateFile(path).catch(failed);
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
          nextDelayMs: (elapsedMs) =>
            failuresInARow === 0
              ? Math.min(Math.max(INTERVAL_MS, elapsedMs / WRITING_SHARE), LONGEST_WAIT_MS)
              : retryDelay(LONGEST_WAIT_MS, failuresInARow, random),
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
