import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { replaceFile } from '../replace-file.js';

/** A file that was asked for cannot be written. */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor(path: string, cause: Error) {
    // Of the system's message only why: it is about the file that is written beside this one.
    const [why = ''] = cause.message.split(', ');
    super(`--output: cannot write ${path}: ${why}`, { cause });
  }
}

/** A file that is written as a whole or not at all. */
export interface OutputFile {
  /** Rejects with an {@link OutputError} where the file could not be written; changes nothing. */
  check(): Promise<void>;
  /** Rejects with an {@link OutputError}, and then nothing has changed. */
  write(content: AsyncIterable<Buffer>): Promise<void>;
}

/** For everybody's eyes: node_exporter runs as a user of its own. */
const MODE = 0o644;

export function outputFile(path: string): OutputFile {
  // A name that the textfile collector does not read.
  const temporary = `${path}.${randomUUID()}.tmp`;
  const telling = async (work: Promise<void>) => {
    try {
      await work;
    } catch (error) {
      throw error instanceof Error && 'syscall' in error ? new OutputError(path, error) : error;
    }
  };
  return {
    check: () => telling(tryOut(path, temporary)),
    write: (content) => telling(replaceFile(path, content, { temporary, mode: MODE })),
  };
}

async function tryOut(path: string, temporary: string): Promise<void> {
  const file = await open(temporary, 'wx', 0o600);
  await file.close();
  await rm(temporary);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) {
    const refusal = new Error('EISDIR: illegal operation on a directory');
    throw Object.assign(refusal, { syscall: 'rename' });
  }
}
