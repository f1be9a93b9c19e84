import type { Writable } from 'node:stream';
import type { Command } from 'commander';

/** The world outside the process, as the edge hands it in. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Throws the system's error where the file cannot be read. */
  readonly readFile: (path: string) => string;
  /** For results. */
  readonly stdout: Writable;
  /** For the log and for what went wrong. */
  readonly stderr: Writable;
  /** Whether a person watches `stderr` on a terminal. */
  readonly watched: boolean;
  /** Aborts when the process is asked to end. */
  readonly stop: AbortSignal;
  /** Has a function called whenever the process is asked to read its configuration anew. */
  readonly onReload: (listener: () => void) => void;
  /** Has a function called with each warning of Node.js, and the one of before no longer. */
  readonly onWarning: (listener: (warning: Error) => void) => void;
}

/** Does the work of a command and resolves with the exit code. */
export type Action = (io: Io) => Promise<number>;

/** A command of the program. To add one, add a file and a row in `program.ts`. */
export interface CommandModule {
  readonly name: string;
  readonly summary: string;
  /** Adds the flags, and returns what runs once they have been read. */
  readonly configure: (command: Command) => Action;
}

/** Exit codes, as the conventions of Unix have them. */
export const EXIT = {
  ok: 0,
  /** It could not do, or not wholly do, what it was asked for. */
  failure: 1,
  /** It was asked for something it does not understand. */
  usage: 2,
} as const;
