import type { Clock, Random } from './clock.js';
import type { Scope } from './conformance/snapshot.js';
import { endsWithin } from './deadline.js';
import type { Logger } from './log.js';
import { repeatForever, retryDelay, type Sleep } from './refresh/loop.js';
import {
  noAnswer,
  START_DEADLINE_MS,
  STATE_FILES,
  StateFileError,
  type StateFiles,
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
  readonly files?: StateFiles;
}

/** Keeps what is known on disk, so that a restart need not begin with nothing. */
export interface StateKeeper {
  /**
   * Puts what the file holds into the store, and looks whether it can be written. What is wrong is
   * logged, and costs nothing else; a file system that does not answer is not waited for.
   */
  restore(): Promise<void>;
  /**
   * Writes whenever something new is known; the function that it returns writes a last time, and resolves
   * within a bound though the file system does not answer.
   */
  start(): () => Promise<void>;
}

/** How long to wait at least before it is looked whether there is something new. */
const INTERVAL_MS = 5_000;
/** How long to wait at most: until another attempt where the last failed, too. */
const LONGEST_WAIT_MS = 600_000;
/** The part of the time that may go into writing: with many Regions there is always something new. */
const WRITING_SHARE = 0.05;

/**
 * A file system that takes so long does not answer: the largest state takes less than a second on a disk,
 * and what a network file system takes to come back from a short outage is no trouble yet.
 */
const WRITE_DEADLINE_MS = 60_000;
/**
 * After ten seconds that scrapes have to end, so that both fit into the half minute that a process usually
 * has before it is killed.
 */
const LAST_WRITE_DEADLINE_MS = 10_000;

export function createStateKeeper(options: StateKeeperOptions): StateKeeper {
  const { clock, files = STATE_FILES, logger, onTried, path, random, selects, sleep } = options;
  const { store } = options;
  const unanswered = noAnswer(path);
  let written = store.version;
  /** Why it cannot be written; said once, however often it is tried. */
  let trouble: string | undefined;
  let failuresInARow = 0;
  /**
   * What has been asked of the file system and not answered yet. It cannot be cancelled, and holds one of the
   * few threads by which names are looked up and scrapes compressed, too: nothing else is asked until it ends.
   */
  let asked: Promise<void> | undefined;

  const ask = <Result>(act: () => Promise<Result>) => {
    const answer = act();
    const over = () => void (asked = undefined);
    asked = answer.then(over, over);
    return answer;
  };
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
  /** However late it succeeds, it counts. */
  const writeNow = async () => {
    const { version } = store;
    const startedAt = clock();
    try {
      await files.write(path, { scopes: [...store.states], sources: store.sources });
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
  const write = async () => {
    if (store.version === written) return;
    if (await endsWithin(WRITE_DEADLINE_MS, asked ?? ask(writeNow))) return;
    failuresInARow++;
    failed(unanswered);
  };
  const selected = ({ snapshot, ...rest }: KeptState['scopes'][number]) => {
    const packs = snapshot?.packs.filter(({ name }) => selects(rest.scope, name)) ?? [];
    return { ...rest, snapshot: snapshot && { ...snapshot, packs } };
  };
  const look = async () => {
    await files.removeLeftovers(path, clock());
    await files.check(path).catch(failed);
    return files.read(path);
  };
  return {
    async restore() {
      try {
        const reading = ask(look);
        if (!(await endsWithin(START_DEADLINE_MS, reading))) {
          failed(unanswered);
          throw unanswered;
        }
        const kept = await reading;
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
      const writeLast = async () => {
        await loop;
        await asked;
        await write();
      };
      return async () => {
        stopping.abort();
        const answered = await endsWithin(LAST_WRITE_DEADLINE_MS, writeLast());
        if (store.version === written) return;
        const reason = answered ? trouble : unanswered.message;
        const fields = { event: 'state_left', file: path, reason };
        logger.warn(fields, 'Ended without what is new in the state file');
      };
    },
  };
}
