import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface ReplaceOptions {
  /** Where the new content is written first: beside the file, so that renaming is atomic. */
  readonly temporary: string;
  /** Permissions of the new file, whatever the umask would leave of them. */
  readonly mode: number;
  /** What the content goes through on its way. */
  readonly through?: Transform;
}

/**
 * Replaces a file as a whole: whoever reads it finds the old content or the new, and so does whoever
 * starts after a crash. Rejects with the system's error, and then nothing has changed.
 */
export async function replaceFile(
  path: string,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  { mode, temporary, through = new PassThrough() }: ReplaceOptions,
): Promise<void> {
  try {
    const file = await open(temporary, 'w', mode);
    try {
      await file.chmod(mode);
      await pipeline(content, through, (chunks) => writeFile(file, chunks));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The name of a file is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
