import { pino } from 'pino';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDelay, nextDelay, repeatForever, retryDelay } from '../../../src/refresh/loop.js';

const logger = pino({ level: 'silent' });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the delays', () => {
  it('spread the starts, and are never negative', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 1e8 }),
        fc.integer({ min: 0, max: 1e8 }),
        chance,
        (intervalMs, elapsedMs, random) => {
          const next = nextDelay(intervalMs, elapsedMs, () => random);
          expect(next).toBeGreaterThanOrEqual(intervalMs * 0.1);
          expect(next).toBeLessThanOrEqual(intervalMs * 1.05);
          const first = firstDelay(intervalMs, () => random);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first).toBeLessThanOrEqual(2_000);
        },
      ),
    );
  });

  it('count the interval from start to start', () => {
    expect(nextDelay(10_000, 4_000, () => 0.5)).toBe(6_000);
  });

  it('of retries double, and never exceed the interval nor an hour', () => {
    const delays = [1, 2, 3, 4, 5].map((failures) => retryDelay(300_000, failures, () => 0.5));
    expect(delays).toEqual([30_000, 60_000, 120_000, 240_000, 300_000]);
    expect(retryDelay(300_000, 5_000, () => 0.5)).toBe(300_000);
    expect(retryDelay(43_200_000, 5_000, () => 0.5)).toBe(3_600_000);
  });
});

describe('repeatForever', () => {
  const what = { source: 'default', region: 'eu-west-1' };

  /** Runs the loop for so many rounds, on a clock that each sleep moves on. */
  async function runFor(rounds: number, run: () => Promise<void>): Promise<number[]> {
    const stop = new AbortController();
    const sleeps: number[] = [];
    let now = 0;
    await repeatForever(
      {
        run,
        firstDelayMs: 50,
        nextDelayMs: () => 1_000,
        what,
        clock: () => now,
        sleep: (ms) => {
          sleeps.push(ms);
          now += ms;
          if (sleeps.length > rounds) stop.abort();
          return Promise.resolve();
        },
        logger,
      },
      stop.signal,
    );
    return sleeps;
  }

  it('goes on after each run', async () => {
    let runs = 0;
    const sleeps = await runFor(3, () => {
      runs++;
      return Promise.resolve();
    });
    expect(runs).toBe(3);
    expect(sleeps).toEqual([50, 1_000, 1_000, 1_000]);
  });

  it('goes on after a run that crashed', async () => {
    let runs = 0;
    await runFor(4, () => {
      runs++;
      return runs % 2 === 0 ? Promise.reject(new Error('defect')) : Promise.resolve();
    });
    expect(runs).toBe(4);
  });

  it('ends while it sleeps as soon as it is told to', async () => {
    const stop = new AbortController();
    const loop = repeatForever(
      {
        run: () => Promise.reject(new Error('never called')),
        firstDelayMs: 0,
        nextDelayMs: () => 1_000,
        what,
        clock: () => 0,
        sleep: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          }),
        logger,
      },
      stop.signal,
    );
    stop.abort();
    await expect(loop).resolves.toBeUndefined();
  });
});
