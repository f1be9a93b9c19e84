import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random } from '../clock.js';
import type { Logger } from '../log.js';

/** Waits, or rejects when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>;

export const sleep: Sleep = (ms, signal) => delay(ms, undefined, { signal });

export interface LoopOptions {
  readonly run: (stop: AbortSignal) => Promise<void>;
  readonly firstDelayMs: number;
  /** How long to wait after a run that took so long. */
  readonly nextDelayMs: (elapsedMs: number) => number;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly logger: Logger;
  /** What is run, for the log. */
  readonly what: object;
}

/** The share of the interval over which starts are spread, so that scopes do not move in step. */
const JITTER = 0.1;
const LONGEST_FIRST_WAIT_MS = 2_000;

/** How long to wait before the first refresh. */
export function firstDelay(intervalMs: number, random: Random): number {
  return Math.min(intervalMs * JITTER, LONGEST_FIRST_WAIT_MS) * random();
}

/**
 * How long to wait after a refresh that took `elapsedMs`: the interval counts from start to start,
 * and AWS is left in peace for a moment even where a refresh takes longer than that.
 */
export function nextDelay(intervalMs: number, elapsedMs: number, random: Random): number {
  const spread = intervalMs * (1 + JITTER * (random() - 0.5));
  return Math.max(spread - elapsedMs, intervalMs * JITTER);
}

const FIRST_RETRY_MS = 30_000;
/** Alerts take for a failure that lasts what happens twice in three hours. */
const LONGEST_RETRY_MS = 3_600_000;

/**
 * How long to wait before what has failed so often in a row is tried again: twice as long each time,
 * an hour at most, and never longer than the interval at which it would be done anyway.
 */
export function retryDelay(intervalMs: number, failuresInARow: number, random: Random): number {
  const longest = Math.min(LONGEST_RETRY_MS, intervalMs);
  const wait = Math.min(FIRST_RETRY_MS * 2 ** (failuresInARow - 1), longest);
  return wait * (1 + JITTER * (random() - 0.5));
}

/** Runs again and again until `stop` aborts; then resolves. Never rejects. */
export async function repeatForever(options: LoopOptions, stop: AbortSignal): Promise<void> {
  const { clock, logger, nextDelayMs, run, what } = options;
  let wait = options.firstDelayMs;
  for (;;) {
    await options.sleep(wait, stop).catch(() => undefined);
    if (stop.aborted) return;
    const startedAt = clock();
    try {
      await run(stop);
    } catch (error) {
      // A defect of ours, not of AWS. The next run may well succeed, so the loop goes on.
      logger.error({ event: 'refresh_crashed', ...what, err: error }, 'Refresh crashed');
    } finally {
      wait = nextDelayMs(clock() - startedAt);
    }
  }
}
