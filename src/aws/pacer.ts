import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { untilAborted } from './abort.js';

/**
 * Spaces the requests of one client, so that they start evenly and no faster than it may. Nobody says
 * how many requests AWS takes, so the rate is found: each request that AWS throttles lowers it by a
 * share, and those that succeed give that back little by little, up to the rate that is allowed.
 * docs/decisions/0001-finding-the-rate.md has the measurements behind the numbers.
 */
export interface Pacer {
  /** Requests a second, for the time being. */
  readonly perSecond: number;
  /**
   * Resolves when the next request may start, in the order of the calls. Rejects with the signal's
   * reason as soon as it aborts.
   */
  turn(signal: AbortSignal): Promise<Turn>;
}

/** The right to start one request. It is to be told what AWS said; nothing, where nobody knows. */
export interface Turn {
  /** AWS answered. */
  succeeded(): void;
  /** AWS refused, for there were too many requests. */
  throttled(): void;
}

export interface PacerOptions {
  /** Most requests a second; fractions are rates too. */
  readonly perSecond: number;
  /** Told of the rate at the start and whenever it changes. */
  readonly onRate?: ((perSecond: number) => void) | undefined;
  /** Milliseconds that only ever grow, from any start. */
  readonly now?: () => number;
  /** Waits, or rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** What a throttled request leaves of the rate. */
const DECREASE = 0.8;
/** Requests that succeed until what a throttled one took has been given back. */
const INCREASE_OVER = 50;
/** The rate never falls below this share of what is allowed. */
const LEAST_SHARE = 1 / 50;
/** Timers fire late by some milliseconds; so much may be made up for. */
const CATCH_UP_MS = 20;

export function createPacer(options: PacerOptions): Pacer {
  const { onRate = () => undefined, perSecond: most } = options;
  const { now = () => performance.now(), sleep = sleepUntilAborted } = options;
  const inTurn = pLimit(1);
  let rate = most;
  /** The rate at which AWS last throttled. */
  let throttledAt = most;
  let nextStart = now();
  let started = 0;
  /** How many had started when the rate was last lowered. */
  let startedBefore = 0;

  const setRate = (next: number) => {
    if (next === rate) return;
    rate = next;
    onRate(rate);
  };
  const beginTurn = (): Turn => {
    const number = ++started;
    nextStart = Math.max(nextStart, now() - CATCH_UP_MS) + 1000 / rate;
    return {
      succeeded() {
        // In proportion, so that the share of throttled requests is small at any rate.
        const step = (Math.max(throttledAt, rate) * (1 - DECREASE)) / INCREASE_OVER;
        setRate(Math.min(most, rate + step));
      },
      throttled() {
        // Those under way by then started at the rate of before: they tell nothing new.
        if (number <= startedBefore) return;
        startedBefore = started;
        throttledAt = rate;
        setRate(Math.max(most * LEAST_SHARE, rate * DECREASE));
        nextStart = Math.max(nextStart, now() + 1000 / rate);
      },
    };
  };
  const waitForTurn = (signal: AbortSignal) =>
    inTurn(async () => {
      signal.throwIfAborted();
      // Again, since the start may have been put off meanwhile.
      for (let wait = nextStart - now(); wait > 0; wait = nextStart - now()) {
        await sleep(wait, signal);
      }
      return beginTurn();
    });
  onRate(rate);
  return {
    get perSecond() {
      return rate;
    },
    turn: (signal) => untilAborted(signal, waitForTurn(signal)),
  };
}

function sleepUntilAborted(ms: number, signal: AbortSignal): Promise<unknown> {
  return delay(ms, undefined, { signal });
}
