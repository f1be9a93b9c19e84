import type { Problem } from '../config/problem.js';
import { EXIT, type Io } from './command.js';
import { ConfigurationError, type Subject } from './configuration.js';
import { OutputError } from './output-file.js';

/**
 * Runs a command; where it throws something that a person can mend, says so in words and resolves
 * with the exit code. Anything else is a defect and keeps its stack.
 */
export async function tellingTroubles(io: Io, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ConfigurationError) {
      io.stderr.write(troubleText(error.subject, error.problems));
      return EXIT.usage;
    }
    if (error instanceof OutputError || isSystemError(error)) {
      io.stderr.write(`${error.message}\n`);
      return EXIT.failure;
    }
    throw error;
  }
}

/** Everything that is wrong, a line each. */
export function troubleText(subject: Subject, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map(({ message, path }) => `  ${path}: ${message}\n`);
  return `The ${subject} has ${count}:\n${lines.join('')}`;
}

/** A file that cannot be written, an address that is taken. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
