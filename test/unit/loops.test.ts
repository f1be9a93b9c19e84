import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { startLoops } from '../../src/loops.js';

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
    const stop = startLoops({ scopes: [], sources: [source] }, config.options, {
      clock: () => 0,
      random: () => 0.5,
      logger: pino({ level: 'silent' }),
      sleep: (ms) => {
        slept.push(ms);
        if (left.length === 0) void stop().then(resolve);
        return Promise.resolve();
      },
    });
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
