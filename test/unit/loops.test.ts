import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { createLoops } from '../../src/loops.js';

import { collectingLogger } from '../support/logged.js';

const MINUTE = 60_000;

/** How long a source waits after each of these attempts, `true` for one that went well. */
async function waits(attempts: readonly boolean[]): Promise<readonly number[]> {
  const { config } = loadConfig({ flags: new Map(), environment: {}, readFile: () => '' });
  if (config === undefined) throw new Error('the defaults are wrong');
  const slept: number[] = [];
  let failuresInARow = 0;
  let left = [...attempts];
  await new Promise<void>((resolve) => {
    const source = {
      name: 'default',
      complete: true,
      get failuresInARow() {
        return failuresInARow;
      },
      refresh: () => {
        const [well, ...rest] = left;
        left = rest;
        failuresInARow = well ? 0 : failuresInARow + 1;
        return Promise.resolve();
      },
    };
    const loops = createLoops({
      clock: () => 0,
      random: () => 0.5,
      logger: pino({ level: 'silent' }),
      sleep: (ms) => {
        slept.push(ms);
        if (left.length === 0) void loops.stop().then(resolve);
        return Promise.resolve();
      },
    });
    loops.run({ scopes: [], sources: [source] }, config.options);
  });
  return slept;
}

describe('the loop of a source', () => {
  it('begins at once, and goes on at its interval', async () => {
    expect(await waits([true, true])).toEqual([0, 60 * MINUTE, 60 * MINUTE]);
  });

  it('tries again sooner where it failed, and ever later where it goes on failing', async () => {
    expect(await waits([false, false, false, true, false])).toEqual([
      0,
      MINUTE / 2,
      MINUTE,
      2 * MINUTE,
      60 * MINUTE,
      MINUTE / 2,
    ]);
  });
});

/** A scope whose refreshes go on until they are let go. */
function scope(region: string) {
  const signals: AbortSignal[] = [];
  let letGo: () => void = () => undefined;
  return {
    runner: {
      scope: { source: 'default', region },
      refresh: (stop: AbortSignal) => {
        signals.push(stop);
        return new Promise<void>((resolve) => {
          letGo = resolve;
          stop.addEventListener('abort', () => resolve());
        });
      },
    },
    /** Those that were begun: whether each was abandoned. */
    refreshes: () => signals.map(({ aborted }) => aborted),
    letGo: () => letGo(),
  };
}

/** Loops that wait until they are woken. */
function running(...scopes: ReturnType<typeof scope>[]) {
  const { lines, logger } = collectingLogger();
  const sleepers = new Set<() => void>();
  const slept: number[] = [];
  const loops = createLoops({
    clock: () => 0,
    random: () => 0.5,
    logger,
    sleep: (ms, signal) => {
      slept.push(ms);
      return new Promise<void>((resolve, reject) => {
        sleepers.add(resolve);
        const rejectIfAborted = () => {
          if (signal.aborted) reject(new Error('woken'));
        };
        signal.addEventListener('abort', rejectIfAborted);
        rejectIfAborted();
      });
    },
  });
  onTestFinished(() => loops.stop());
  const run = (interval: number, ...of: ReturnType<typeof scope>[]) =>
    loops.run(
      { scopes: of.map(({ runner }) => runner), sources: [] },
      { 'refresh.interval': interval, 'accounts.refresh-interval': interval },
    );
  run(MINUTE, ...scopes);
  const wake = async () => {
    for (const go of sleepers) go();
    sleepers.clear();
    await setImmediate();
  };
  const keepOnly = (...of: ReturnType<typeof scope>[]) =>
    loops.keepOnly({ scopes: of.map(({ runner }) => runner), sources: [] });
  return { keepOnly, lines, run, slept, wake };
}

describe('loops that go on with others', () => {
  it('leave alone what stays, abandon what goes, and tell so', async () => {
    const [stays, goes, sleeps, comes] = ['a', 'b', 'c', 'd'].map(scope);
    if (!stays || !goes || !sleeps || !comes) throw new Error('four scopes');
    const { keepOnly, lines, run, wake } = running(stays, goes);
    await wake();
    run(MINUTE, stays, goes, sleeps);
    await keepOnly(stays);
    run(MINUTE, stays, comes);
    await wake();
    expect(stays.refreshes()).toEqual([false]);
    expect(goes.refreshes()).toEqual([true]);
    expect(sleeps.refreshes()).toEqual([]);
    expect(comes.refreshes()).toEqual([false]);
    expect(lines).toMatchObject([
      { event: 'refresh_abandoned', source: 'default', region: 'b', level: 'info' },
    ]);
  });

  it('heed another interval at once where they wait, and after what is under way where they do not', async () => {
    const [busy, waiting] = ['a', 'b'].map(scope);
    if (!busy || !waiting) throw new Error('two scopes');
    const { lines, run, slept, wake } = running(busy);
    await wake();
    run(MINUTE, busy, waiting);
    expect(slept).toHaveLength(2);
    run(MINUTE, busy, waiting);
    expect(slept).toHaveLength(2);
    run(2 * MINUTE, busy, waiting);
    expect(slept).toHaveLength(3);
    await wake();
    expect([busy.refreshes(), waiting.refreshes()]).toEqual([[false], [false]]);
    busy.letGo();
    await setImmediate();
    expect(slept.at(-1)).toBe(2 * MINUTE);
    expect(lines).toEqual([]);
  });
});
