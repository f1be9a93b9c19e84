import type { Config } from '../config/load.js';
import { createLogger, type Logger } from '../log.js';
import type { Io } from './command.js';
import { logWarning } from './warnings.js';

/** The log of a command that keeps one. What Node.js warns of goes there from now on. */
export function openLog({ options }: Config, { onWarning, stderr }: Io): Logger {
  const logger = createLogger(
    { level: options['log.level'], format: options['log.format'] },
    stderr,
  );
  onWarning((warning) => logWarning(warning, logger));
  return logger;
}
