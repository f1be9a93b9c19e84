import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { untilAborted } from './abort.js';

/**
 * Spaces the requests of one client, so that they start evenly and no faster than it may. Nobody says
 * how many requests AWS takes, so the rate is found, up to the one that is allowed, in the way of TCP: a
 * throttled request lowers it by a share; those that succeed bring it back along the curve of CUBIC
 * (RFC 9438), fast at first, slow around the rate that was too high, then ever faster. Where nothing
 * succeeds any more, nothing tells of a rate: it falls steeply, and comes back with a slow start (RFC 5681).
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
/** The same where none has succeeded since the last one: the rate is far off, and tries are few. */
const STEEP_DECREASE = 1 / 4;
/**
 * Requests that succeed until the rate is back where it was. They are what is counted, and not seconds,
 * so that the share of throttled ones is as small at a low rate as at a high one.
 */
const INCREASE_OVER = 40;
/**
 * It takes as many round trips at the least. Throttling shows a round trip late, and all that started
 * meanwhile may be throttled too, so where many are under way the rate grows with more of them.
 */
const INCREASE_OVER_ROUND_TRIPS = 16;
/** By how much a slow start raises the rate in a round trip. */
const SLOW_START = 2;
/** The rate never falls below one request in twenty seconds. */
const LEAST_PER_SECOND = 1 / 20;
/** While none succeeds, one in four seconds goes on trying, so that the end of that is seen soon. */
const LEAST_PER_SECOND_IN_VAIN = 1 / 4;
/** Timers fire late by some milliseconds; so much may be made up for. */
const CATCH_UP_MS = 20;

export function createPacer(options: PacerOptions): Pacer {
  const { onRate = () => undefined, perSecond: most } = options;
  const { now = () => performance.now(), sleep = sleepUntilAborted } = options;
  const inTurn = pLimit(1);
  let rate = most;
  /** The rate at which AWS last throttled, and how far the way back to it has been gone: 1 is there. */
  let throttledAt = most;
  let regained = 0;
  /** A slow start ends here. */
  let threshold = most;
  /** Whether no request of the present rate has succeeded since AWS last throttled. */
  let inVain = false;
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
    // Those under way when the rate was lowered started at the one of before: they tell nothing new.
    const isOutdated = () => number <= startedBefore;
    nextStart = Math.max(nextStart, now() - CATCH_UP_MS) + 1000 / rate;
    return {
      succeeded() {
        if (isOutdated()) return;
        inVain = false;
        const perRoundTrip = started - number + 1;
        if (rate < threshold) {
          setRate(Math.min(threshold, rate * (1 + (SLOW_START - 1) / perRoundTrip)));
          return;
        }
        regained += 1 / Math.max(INCREASE_OVER, INCREASE_OVER_ROUND_TRIPS * perRoundTrip);
        const curve = 1 + (1 - DECREASE) * (regained - 1) ** 3;
        setRate(Math.min(most, Math.max(rate, throttledAt * curve)));
      },
      throttled() {
        if (isOutdated()) return;
        startedBefore = started;
        const share = inVain ? STEEP_DECREASE : DECREASE;
        const least = inVain ? LEAST_PER_SECOND_IN_VAIN : LEAST_PER_SECOND;
        if (!inVain) {
          inVain = true;
          throttledAt = rate;
          threshold = rate * DECREASE;
        }
        regained = 0;
        setRate(Math.max(Math.min(least, rate), rate * share));
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
