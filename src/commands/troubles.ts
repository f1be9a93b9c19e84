import { EXIT, type Io } from './command.js';
import { ConfigurationError } from './configuration.js';
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
      const { length } = error.problems;
      const lines = error.problems.map(({ message, path }) => `  ${path}: ${message}\n`);
      const count = length === 1 ? 'a problem' : `${length} problems`;
      io.stderr.write(`The configuration has ${count}:\n${lines.join('')}`);
      return EXIT.usage;
    }
    if (error instanceof OutputError || isSystemError(error)) {
      io.stderr.write(`${error.message}\n`);
      return EXIT.failure;
    }
    throw error;
  }
}

/** A file that cannot be written, an address that is taken. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
