import type { Writable } from 'node:stream';
import type { Logger } from '../log.js';

/**
 * What the AWS SDK says where versions of it that are yet to come will not run on this Node.js: worth a
 * line of the log, and of no use to whoever waits for an answer.
 */
const ABOUT_LATER_VERSIONS = /^NodeVersionSupportWarning\b/;

/** Logs a warning of Node.js; on debug with the place in the code that it is about. */
export function logWarning(warning: Error, logger: Logger): void {
  const { name, stack } = warning;
  const where = logger.level === 'debug' || logger.level === 'trace' ? { stack } : {};
  const fields = { event: 'node_warning', name, warning: textOf(warning), ...where };
  logger.warn(fields, 'Node.js warns');
}

/** Tells a warning of Node.js to whoever waits for the answer of a command, if it is about this run. */
export function tellWarning(warning: Error, stderr: Writable): void {
  const text = textOf(warning);
  if (ABOUT_LATER_VERSIONS.test(text)) return;
  const kind = warning.name === 'Warning' ? '' : `${warning.name}: `;
  stderr.write(`Warning: ${kind}${text}\n`);
}

/** On one line, as a log has it and as whoever reads what a cron job says expects. */
function textOf({ message }: Error): string {
  return message.replace(/\s+/g, ' ').trim();
}
