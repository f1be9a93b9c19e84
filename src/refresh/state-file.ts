import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
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

/** A state file that cannot be used. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

/**
 * Writes a state file, atomically: of several writers at once, the last has it. It is a gzip member,
 * whose checksum and length tell at the next start whether it is whole.
 */
export async function writeStateFile(path: string, state: KeptState): Promise<void> {
  await replaceFile(path, yielding(encodeState(state)), {
    temporary: path + temporarySuffix(),
    mode: MODE,
    through: createGzip({ level: constants.Z_BEST_SPEED }),
  });
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
    return decodeState(await promisify(gunzip)(await readFile(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
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
