import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    const next = await timed.pacer.turn(NEVER);
    next.throttled();
    expect(timed.pacer.perSecond).toBeCloseTo(4.9);
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
    await ask(timed, 7, Infinity);
    expect(timed.pacer.perSecond).toBeCloseTo(3.5);
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

  it.each([4, 2, 1, 0.5])(
    'finds the rate of a server that takes %d a second of 5, and wastes little',
    async (takes) => {
      const timed = pacerInTime({ perSecond: 5 });
      await ask(timed, 200, takes);
      const startedAt = timed.now();
      const refused = await ask(timed, 2_000, takes);
      expect(refused / 2_000).toBeLessThan(0.05);
      const seconds = (timed.now() - startedAt) / 1000;
      expect(seconds / ((2_000 - refused) / takes)).toBeLessThan(1.3);
    },
  );

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
