import { setImmediate } from 'node:timers/promises';
import { DEFAULT_MAX_ATTEMPTS } from '@smithy/core/retry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRIES } from '../../../src/aws/pace.js';
import { createPacer, type PacerOptions, type Turn } from '../../../src/aws/pacer.js';

const NEVER = new AbortController().signal;

/** A pacer in a time of its own: whoever sleeps moves it on, and oversleeps by `lateMs`. */
function pacerInTime({ lateMs = 0, ...options }: PacerOptions & { lateMs?: number }) {
  let time = 0;
  const rates: number[] = [];
  const pacer = createPacer({
    onRate: (rate) => rates.push(rate),
    now: () => time,
    sleep: (ms) => {
      time += ms + lateMs;
      return Promise.resolve();
    },
    ...options,
  });
  return { pacer, rates, now: () => time, pass: (ms: number) => (time += ms) };
}

type Timed = ReturnType<typeof pacerInTime>;

/** When each of so many turns came, one after the other. */
async function starts({ now, pacer }: Timed, turns: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    await pacer.turn(NEVER);
    times.push(now());
  }
  return times;
}

/** Requests to a server that takes so many a second and no more; resolves with its refusals. */
async function ask({ now, pacer }: Timed, requests: number, takes: number): Promise<number> {
  let refused = 0;
  let tokens = 1;
  let filledAt = now();
  for (let request = 0; request < requests; request++) {
    const turn = await pacer.turn(NEVER);
    tokens = Math.min(1, tokens + ((now() - filledAt) / 1000) * takes);
    filledAt = now();
    if (tokens < 1) {
      refused++;
      turn.throttled();
    } else {
      tokens--;
      turn.succeeded();
    }
  }
  return refused;
}

/** A time of its own for many that wait at once. */
function virtualTime() {
  let time = 0;
  const sleeping: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        sleeping.push({ until: time + ms, wake });
      }),
    /** Wakes one after the other until the work is done. */
    pass: async <T>(work: Promise<T>): Promise<T> => {
      const over = new AbortController();
      void work.finally(() => over.abort());
      for (;;) {
        await setImmediate();
        if (over.signal.aborted) return work;
        sleeping.sort((one, other) => other.until - one.until);
        const next = sleeping.pop();
        if (next === undefined) throw new Error('Everybody waits, and nobody for the time');
        time = next.until;
        next.wake();
      }
    },
  };
}

interface Scene {
  readonly perSecond: number;
  /** What the server takes a second, and at once after a rest. */
  readonly takes: number;
  readonly burst: number;
  readonly latencyMs: number;
  readonly callsInFlight: number;
}

/** Calls as a refresh makes them, each with all its tries, to a server that takes so many and no more. */
function callsOf({ burst, callsInFlight, latencyMs, perSecond, takes }: Scene) {
  const { now, pass, sleep } = virtualTime();
  const pacer = createPacer({ perSecond, now, sleep });
  let tokens = burst;
  let filledAt = 0;
  const takesOne = () => {
    tokens = Math.min(burst, tokens + ((now() - filledAt) / 1000) * takes);
    filledAt = now();
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
  let requests = 0;
  let refused = 0;
  const succeeds = async () => {
    for (let attempt = 0; attempt < DEFAULT_MAX_ATTEMPTS; attempt++) {
      for (let tried = 0; tried < TRIES; tried++) {
        const turn = await pacer.turn(NEVER);
        requests++;
        await sleep(latencyMs / 2);
        const taken = takesOne();
        await sleep(latencyMs / 2);
        if (taken) {
          turn.succeeded();
          return true;
        }
        refused++;
        turn.throttled();
      }
      // As long as the SDK waits on average.
      await sleep(500 * 2 ** attempt);
    }
    return false;
  };
  const makeAll = async (calls: number) => {
    let left = calls;
    let lost = 0;
    const oneByOne = async () => {
      while (left-- > 0) if (!(await succeeds())) lost++;
    };
    await Promise.all(Array.from({ length: callsInFlight }, oneByOne));
    return lost;
  };
  return {
    pacer,
    /** What became of so many calls. */
    async make(calls: number) {
      const startedAt = now();
      requests = refused = 0;
      const lost = await pass(makeAll(calls));
      const floorPerSecond = Math.min(takes, perSecond, callsInFlight / (latencyMs / 1000));
      return {
        lost,
        refused: refused / requests,
        timesFloor: (now() - startedAt) / 1000 / ((calls - lost) / floorPerSecond),
      };
    },
  };
}

describe('a pacer', () => {
  it('spaces turns evenly, fractions of one a second among them', async () => {
    expect(await starts(pacerInTime({ perSecond: 4 }), 4)).toEqual([0, 250, 500, 750]);
    expect(await starts(pacerInTime({ perSecond: 0.01 }), 3)).toEqual([0, 100_000, 200_000]);
  });

  it('makes up for timers that fire late, and for a stall by no more than some milliseconds', async () => {
    const late = await starts(pacerInTime({ perSecond: 100, lateMs: 1 }), 101);
    expect(late.at(-1)).toBe(1001);
    const stalled = pacerInTime({ perSecond: 100 });
    await starts(stalled, 1);
    stalled.pass(10_000);
    const after = await starts(stalled, 5);
    expect(after.map((time) => time - 10_000)).toEqual([0, 0, 0, 10, 20]);
  });

  it('never lets more through in any stretch of time than the rate allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.5, max: 2_000, noNaN: true }),
        fc.array(fc.nat(100), { maxLength: 50 }),
        async (perSecond, pauses) => {
          const timed = pacerInTime({ perSecond });
          const times: number[] = [];
          for (const pause of pauses) {
            timed.pass(pause);
            times.push(...(await starts(timed, 3)));
          }
          times.forEach((from, first) => {
            times.slice(first).forEach((to, more) => {
              const allowed = 1 + ((to - from + 20) / 1000) * perSecond;
              expect(more + 1).toBeLessThanOrEqual(allowed + 1e-6);
            });
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('lowers its rate where AWS throttles, and puts off the next turn', async () => {
    const timed = pacerInTime({ perSecond: 10 });
    const turn = await timed.pacer.turn(NEVER);
    timed.pass(90);
    turn.throttled();
    expect(timed.rates).toEqual([10, 7]);
    const [first, second] = await starts(timed, 2);
    expect(first).toBeCloseTo(90 + 1000 / 7);
    expect(second).toBeCloseTo(90 + 2000 / 7);
  });

  it('takes throttled requests that were under way together for one', async () => {
    const timed = pacerInTime({ perSecond: 10 });
    const turns: Turn[] = [];
    for (let turn = 0; turn < 4; turn++) turns.push(await timed.pacer.turn(NEVER));
    for (const turn of turns) turn.throttled();
    expect(timed.pacer.perSecond).toBe(7);
  });

  it('learns nothing from what was under way when it lowered its rate', async () => {
    const timed = pacerInTime({ perSecond: 10 });
    const [first, second, third] = [
      await timed.pacer.turn(NEVER),
      await timed.pacer.turn(NEVER),
      await timed.pacer.turn(NEVER),
    ];
    second.throttled();
    first.succeeded();
    third.succeeded();
    expect(timed.rates).toEqual([10, 7]);
  });

  it('falls steeply while nothing succeeds, and by a share again once something has', async () => {
    const timed = pacerInTime({ perSecond: 1000 });
    for (let request = 0; request < 3; request++) (await timed.pacer.turn(NEVER)).throttled();
    expect(timed.rates).toEqual([1000, 700, 175, 43.75]);
    (await timed.pacer.turn(NEVER)).succeeded();
    expect(timed.pacer.perSecond).toBe(87.5);
    (await timed.pacer.turn(NEVER)).throttled();
    expect(timed.pacer.perSecond).toBeCloseTo(61.25);
  });

  it('gives back what it took, and never goes beyond what is allowed', async () => {
    const timed = pacerInTime({ perSecond: 10 });
    (await timed.pacer.turn(NEVER)).throttled();
    expect(timed.pacer.perSecond).toBe(7);
    await ask(timed, 20, Infinity);
    // Fast at first, and slow near the rate that was too high.
    expect(timed.pacer.perSecond).toBeCloseTo(10 - 3 / 8);
    await ask(timed, 20, Infinity);
    expect(timed.pacer.perSecond).toBeCloseTo(10);
    await ask(timed, 1_000, Infinity);
    expect(timed.pacer.perSecond).toBe(10);
    expect(Math.max(...timed.rates)).toBe(10);
  });

  it('keeps trying where everything is throttled, and is soon back where that was all', async () => {
    const timed = pacerInTime({ perSecond: 5 });
    for (let request = 0; request < 100; request++) (await timed.pacer.turn(NEVER)).throttled();
    expect(timed.pacer.perSecond).toBe(0.25);
    const overAt = timed.now();
    await ask(timed, 4, Infinity);
    expect(timed.pacer.perSecond).toBe(3.5);
    await ask(timed, 40, Infinity);
    expect(timed.pacer.perSecond).toBeCloseTo(5);
    expect(timed.now() - overAt).toBeLessThan(25_000);
  });

  it('goes ever faster where a server that took little takes much again', async () => {
    const timed = pacerInTime({ perSecond: 5 });
    while (timed.now() < 60_000) await ask(timed, 1, 0.3);
    const overAt = timed.now();
    while (timed.pacer.perSecond < 5) await ask(timed, 1, Infinity);
    expect(timed.now() - overAt).toBeLessThan(6 * 60_000);
  });

  it('never waits longer than twenty seconds, however little AWS takes', async () => {
    const timed = pacerInTime({ perSecond: 5 });
    await ask(timed, 1_000, 0.01);
    expect(Math.min(...timed.rates)).toBe(0.05);
    const slower = pacerInTime({ perSecond: 0.01 });
    await ask(slower, 10, 0.001);
    expect(slower.rates).toEqual([0.01]);
  });

  it('grows with what is under way, for throttling shows a round trip late', async () => {
    const timed = pacerInTime({ perSecond: 10 });
    (await timed.pacer.turn(NEVER)).throttled();
    const turns: Turn[] = [];
    for (let turn = 0; turn < 20; turn++) turns.push(await timed.pacer.turn(NEVER));
    turns[0]?.succeeded();
    expect(timed.pacer.perSecond).toBeCloseTo(10 * (1 + 0.3 * (1 / (16 * 20) - 1) ** 3));
  });

  it('doubles its rate in a round trip of a slow start, however many are under way', async () => {
    const timed = pacerInTime({ perSecond: 1000 });
    for (let request = 0; request < 5; request++) (await timed.pacer.turn(NEVER)).throttled();
    const slow = timed.pacer.perSecond;
    const turns: Turn[] = [];
    for (let turn = 0; turn < 10; turn++) turns.push(await timed.pacer.turn(NEVER));
    turns[0]?.succeeded();
    expect(timed.pacer.perSecond).toBeCloseTo(1.1 * slow);
    turns[9]?.succeeded();
    expect(timed.pacer.perSecond).toBeCloseTo(2.2 * slow);
  });

  const usual = { burst: 5, latencyMs: 200, callsInFlight: 4 };
  const slow = { burst: 5, latencyMs: 1_000, callsInFlight: 20 };
  it.each<Scene>([
    ...[4, 2, 1, 0.5, 0.2, 0.05].map((takes) => ({ ...usual, perSecond: 5, takes })),
    ...[4, 2].map((takes) => ({ ...usual, perSecond: 50, takes })),
    ...[10, 1].map((takes) => ({ ...usual, perSecond: 1_000, takes })),
    ...[0.2, 2].map((takes) => ({ ...usual, burst: 1, perSecond: 10 * takes, takes })),
    { ...usual, callsInFlight: 20, perSecond: 50, takes: 40 },
    { ...usual, callsInFlight: 100, perSecond: 1_000, takes: 10 },
    { ...usual, callsInFlight: 100, perSecond: 10_000, takes: 10 },
    { ...slow, perSecond: 5, takes: 2 },
    { ...slow, perSecond: 20, takes: 10 },
    { ...slow, burst: 1, perSecond: 20, takes: 10 },
    { ...slow, burst: 20, callsInFlight: 100, perSecond: 100, takes: 20 },
  ])(
    'finds the rate of a server that takes $takes of $perSecond, answers in $latencyMs ms, holds $burst, $callsInFlight in flight',
    async (scene) => {
      const calls = callsOf(scene);
      const first = await calls.make(500);
      expect(first.lost).toBe(0);
      const steady = await calls.make(1_000);
      expect(steady.lost).toBe(0);
      expect(steady.refused).toBeLessThan(0.05);
      expect(steady.timesFloor).toBeLessThan(1.3);
      expect(calls.pacer.perSecond).toBeLessThan(1.3 * scene.takes);
    },
  );

  it('finds it whatever the latency is, and however many calls are in flight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          perSecond: fc.integer({ min: 5, max: 1_000 }),
          takes: fc.double({ min: 0.1, max: 10, noNaN: true }),
          burst: fc.integer({ min: 5, max: 20 }),
          latencyMs: fc.integer({ min: 20, max: 2_000 }),
          callsInFlight: fc.integer({ min: 1, max: 30 }),
        }),
        async (scene) => {
          // Enough to reach the rate of the server at all.
          fc.pre(scene.callsInFlight / (scene.latencyMs / 1000) > 1.5 * scene.takes);
          const calls = callsOf(scene);
          await calls.make(500);
          const steady = await calls.make(1_000);
          expect(steady.lost).toBe(0);
          expect(steady.refused).toBeLessThan(0.05);
          expect(steady.timesFloor).toBeLessThan(1.3);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('gives up whoever waits as soon as the signal aborts, and lets the next one pass', async () => {
    let wake = () => {};
    const pacer = createPacer({
      perSecond: 1,
      now: () => 0,
      sleep: (_, signal) =>
        new Promise<void>((resolve, reject) => {
          wake = resolve;
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    });
    await pacer.turn(NEVER);
    const [sleeping, queued] = [new AbortController(), new AbortController()];
    const turns = [pacer.turn(sleeping.signal), pacer.turn(queued.signal), pacer.turn(NEVER)];
    await setImmediate();
    queued.abort();
    await expect(turns[1]).rejects.toMatchObject({ name: 'AbortError' });
    sleeping.abort();
    await expect(turns[0]).rejects.toMatchObject({ name: 'AbortError' });
    let passed = false;
    void turns[2]?.then(() => (passed = true));
    await setImmediate();
    expect(passed).toBe(false);
    wake();
    await setImmediate();
    expect(passed).toBe(false);
  });
});
