import { closestMatch } from 'leven';

/** Something wrong with the configuration. */
export interface Problem {
  /** Where, as the user wrote it: a flag, a variable, or a key in the file with line and column. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** Where a path of keys stands in a file: its value, or its last key itself. For messages. */
export type Locate = (path: readonly PropertyKey[], part?: 'key' | 'value') => string;

/**
 * Why a file could not be read, in the words of the system. Of its path the message that this becomes
 * part of tells already.
 */
export function whyUnreadable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error ? error.message.replace(/, \w+(?: '.*')?$/s, '') : error.message;
}

/** The message about a name that is none; `what` is its noun. */
export function unknown(what: string, name: string, names: readonly string[]): string {
  const near = closestMatch(name, names, { maxDistance: 1 + Math.floor(name.length / 4) });
  return near === undefined ? `unknown ${what}` : `unknown ${what}; did you mean ${near}?`;
}
