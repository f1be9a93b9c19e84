import { randomUUID } from 'node:crypto';
import { access, constants as modes, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gunzip } from 'node:zlib';
import { replaceFile } from '../replace-file.js';
import { decodeState, encodeState } from './state-records.js';
import type { KeptState } from './store.js';

/** For nobody else's eyes: error messages of AWS are in it. */
const MODE = 0o600;

/** What a writer gives its own file beside the state file, so that two at once write two files. */
const temporarySuffix = () => `.${randomUUID()}.tmp`;
const TEMPORARY_SUFFIX = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Far more than a writer that lives leaves its own file as it is. */
const LEFT_AFTER_MS = 3_600_000;

/** A state file that cannot be used; the message says why, in the same words each time. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

/**
 * Writes a state file, atomically: of several writers at once, the last has it. It is a gzip member,
 * whose checksum and length tell at the next start whether it is whole. Rejects with a
 * {@link StateFileError} where the system refuses.
 */
export async function writeStateFile(path: string, state: KeptState): Promise<void> {
  await writing(path, async () => {
    await refuseOthers(path);
    await replaceFile(path, yielding(encodeState(state)), {
      temporary: path + temporarySuffix(),
      mode: MODE,
      through: createGzip({ level: constants.Z_BEST_SPEED }),
    });
  });
}

/** Rejects with a {@link StateFileError} where, as far as can be told beforehand, it could not be written. */
export async function checkStateFile(path: string): Promise<void> {
  await writing(path, async () => {
    await access(dirname(path), modes.W_OK | modes.X_OK);
    await refuseOthers(path);
  });
}

async function writing(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    // Behind the comma stands a name that is another at each attempt.
    const [why = ''] = error.message.split(',');
    throw new StateFileError(`cannot write in ${dirname(path)}: ${why}`, { cause: error });
  }
}

/** A device may have no end, and a pipe no beginning; neither must be replaced. */
async function refuseOthers(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (found?.isFile() === false) throw new StateFileError('is not a regular file');
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Lets others have their turn between records. */
async function* yielding(records: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const record of records) {
    yield record;
    await setImmediate();
  }
}

/**
 * Reads a state file; `undefined` where there is none. Rejects with a {@link StateFileError} where it is
 * damaged, or from another version.
 */
export async function readStateFile(path: string): Promise<KeptState | undefined> {
  try {
    await refuseOthers(path);
    return decodeState(await promisify(gunzip)(await readFile(path)));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new StateFileError((error as Error).message, { cause: error });
  }
}

/**
 * Removes what writers left behind that were killed; `now` in milliseconds since the epoch. A file that
 * is being written changes all the time, so that one of long ago is nobody's any more. Were it
 * somebody's, who then found nothing to rename, the state file would stay as it is and be written anew.
 * Never rejects.
 */
export async function removeLeftovers(path: string, now: number): Promise<void> {
  const folder = dirname(path);
  const name = basename(path);
  try {
    for (const file of await readdir(folder)) {
      if (!file.startsWith(name) || !TEMPORARY_SUFFIX.test(file.slice(name.length))) continue;
      const { mtimeMs } = await stat(join(folder, file));
      if (now - mtimeMs > LEFT_AFTER_MS) await rm(join(folder, file), { force: true });
    }
  } catch {
    // The next attempt to write will tell what is wrong with the folder.
  }
}

/**
 * How long the start, and a check of it, waits for the file system: nothing is served before the file has
 * been read, and to begin without it is no harm but for a while.
 */
export const START_DEADLINE_MS = 10_000;

/** What to say where the file system of a state file is waited for no longer. */
export function noAnswer(path: string): StateFileError {
  return new StateFileError(`the file system of ${dirname(path)} does not answer`);
}

/** What can be done with a state file. */
export interface StateFiles {
  readonly write: typeof writeStateFile;
  readonly check: typeof checkStateFile;
  readonly read: typeof readStateFile;
  readonly removeLeftovers: typeof removeLeftovers;
}

export const STATE_FILES: StateFiles = {
  write: writeStateFile,
  check: checkStateFile,
  read: readStateFile,
  removeLeftovers,
};
