import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { untilAborted } from './abort.js';

/**
 * Spaces the requests of one client, so that they start evenly and no faster than it may. Nobody says
 * how many requests AWS takes, so the rate is found, up to the one that is allowed, in the way of TCP: a
 * throttled request lowers it by a share; those that succeed bring it back along the curve of CUBIC
 * (RFC 9438), fast at first, slow around the rate that was too high, then ever faster. Where nothing
 * succeeded any more, it begins with a slow start (RFC 5681), since that told of no rate.
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
const DECREASE = 0.7;
/**
 * Requests that succeed until the rate is back where it was. They are what is counted, and not seconds,
 * so that the share of throttled ones is as small at a low rate as at a high one.
 */
const INCREASE_OVER = 40;
/** By how much a request that succeeds raises the rate in a slow start. */
const SLOW_START = 1.5;
/** The rate never falls below this share of what is allowed. */
const LEAST_SHARE = 1 / 20;
/** Timers fire late by some milliseconds; so much may be made up for. */
const CATCH_UP_MS = 20;

export function createPacer(options: PacerOptions): Pacer {
  const { onRate = () => undefined, perSecond: most } = options;
  const { now = () => performance.now(), sleep = sleepUntilAborted } = options;
  const inTurn = pLimit(1);
  let rate = most;
  /** The rate at which AWS last throttled, and how many requests have succeeded around it since. */
  let throttledAt = most;
  let succeeded = 0;
  /** A slow start ends here. */
  let threshold = most;
  /** Whether none has succeeded since AWS last throttled. */
  let allThrottled = false;
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
        allThrottled = false;
        if (rate < threshold) {
          setRate(Math.min(threshold, rate * SLOW_START));
          return;
        }
        succeeded++;
        const curve = 1 + (1 - DECREASE) * (succeeded / INCREASE_OVER - 1) ** 3;
        setRate(Math.min(most, Math.max(rate, throttledAt * curve)));
      },
      throttled() {
        // Those under way by then started at the rate of before: they tell nothing new.
        if (number <= startedBefore) return;
        startedBefore = started;
        if (!allThrottled) {
          allThrottled = true;
          throttledAt = rate;
          threshold = rate * DECREASE;
        }
        succeeded = 0;
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
    turn: (signal) => untilAborted(signal, waitForTurn),
  };
}

function sleepUntilAborted(ms: number, signal: AbortSignal): Promise<unknown> {
  return delay(ms, undefined, { signal });
}
