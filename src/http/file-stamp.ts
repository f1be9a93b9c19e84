import { statSync, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

/**
 * What changes whenever a file does: written anew, replaced, swapped by a link anywhere above it, gone
 * or forbidden.
 */
export async function stampOf(path: string): Promise<string> {
  return stat(path, { bigint: true }).then(told, refused);
}

/** The same, for whoever is about to read the file. */
export function stampOfSync(path: string): string {
  try {
    return told(statSync(path, { bigint: true }));
  } catch (error) {
    return refused(error);
  }
}

function told({ ctimeNs, dev, ino, mtimeNs, size }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function refused(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
