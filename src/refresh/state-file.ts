import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gunzip } from 'node:zlib';
import { replaceFile } from '../replace-file.js';
import { decodeState, encodeState } from './state-records.js';
import type { KeptState } from './store.js';

/** For nobody else's eyes: error messages of AWS are in it. */
const MODE = 0o600;

/** A state file that cannot be used. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

/**
 * Writes a state file, atomically. It is a gzip member, whose checksum and length tell at the next
 * start whether it is whole.
 */
export async function writeStateFile(path: string, state: KeptState): Promise<void> {
  await replaceFile(path, yielding(encodeState(state)), {
    // One name, which the next attempt uses again, so that crashes leave no heap of files.
    temporary: `${path}.tmp`,
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
