import type { Writable } from 'node:stream';
import { pino, type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';

/** What the rooms below the edge may do with the log. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'level'>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export const LOG_FORMATS = ['json', 'pretty'] as const;

export interface LogOptions {
  readonly level: (typeof LOG_LEVELS)[number];
  readonly format: (typeof LOG_FORMATS)[number];
}

/** A line for each event. Only what has a stack takes more, and `error` is a text. */
const PRETTY = { sync: true, singleLine: true, errorLikeObjectKeys: ['err'] };

/**
 * The log, written to `destination`: standard error, so that standard output stays for results. No
 * field beside `msg` may be named `message`: many stores of logs take that for the line itself.
 */
export function createLogger({ format, level }: LogOptions, destination: Writable): PinoLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // By its name, as stores of logs filter it.
      formatters: { level: (label) => ({ level: label }) },
    },
    format === 'pretty' ? pretty({ destination, ...PRETTY }) : destination,
  );
}
