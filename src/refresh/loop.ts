import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random } from '../clock.js';
import type { Logger } from '../log.js';
import type { Refresher } from './refresher.js';

/** Waits, or rejects when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>;

export const sleep: Sleep = (ms, signal) => delay(ms, undefined, { signal });

export interface LoopOptions {
  readonly refresher: Pick<Refresher, 'refresh' | 'scope'>;
  /** From the start of one refresh to the start of the next, in milliseconds. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleep: Sleep;
  readonly logger: Logger;
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

/** Refreshes one scope again and again until `stop` aborts; then resolves. Never rejects. */
export async function refreshForever(options: LoopOptions, stop: AbortSignal): Promise<void> {
  const { clock, intervalMs, logger, random, refresher } = options;
  let wait = firstDelay(intervalMs, random);
  for (;;) {
    await options.sleep(wait, stop).catch(() => undefined);
    if (stop.aborted) return;
    const startedAt = clock();
    try {
      await refresher.refresh(stop);
    } catch (error) {
      // A defect of ours, not of AWS. The next refresh may well succeed, so the loop goes on.
      logger.error({ event: 'refresh_crashed', ...refresher.scope, err: error }, 'Refresh crashed');
    } finally {
      wait = nextDelay(intervalMs, clock() - startedAt, random);
    }
  }
}
