import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStateKeeper } from '../../src/state-keeper.js';
import { readStateFile } from '../../src/refresh/state-file.js';
import { packOf } from '../support/columns.js';
import { temporaryFolder } from '../support/files.js';
import { collectingLogger } from '../support/logged.js';
import { completeWith, snapshotOf, storeOf } from '../support/render.js';

const SECOND = 1_000;

/**
 * Runs a keeper: something new is known before each round, and something may be done to the folder, and
 * then it is time to write, which takes as long as is said. Returns how long it waited before each round, and what it told.
 */
async function keeping(
  path: string,
  rounds: readonly (() => Promise<unknown>)[],
  writingMs: readonly number[] = [],
) {
  const store = storeOf([snapshotOf([])]);
  const { lines, logger } = collectingLogger();
  const waits: number[] = [];
  const tried: boolean[] = [];
  let now = 0;
  await new Promise<void>((resolve, reject) => {
    const keeper = createStateKeeper({
      path,
      store,
      selects: () => true,
      onTried: (successful) => {
        now += writingMs[tried.length] ?? 0;
        tried.push(successful);
      },
      clock: () => now,
      logger,
      random: () => 0.5,
      sleep: async (ms) => {
        const round = waits.length;
        waits.push(ms);
        now += ms;
        await rounds[round]?.();
        completeWith(store, snapshotOf([packOf(`Round-${round}`)]));
        // The last round is the end, at which it is written once more.
        if (round === rounds.length) stop().then(resolve, reject);
      },
    });
    let stop = () => Promise.resolve();
    keeper.restore().then(() => (stop = keeper.start()), reject);
  });
  const logged = lines
    .filter(({ event }) => event !== 'state_written')
    .map(({ event, level, reason }) => [event, level, reason]);
  return { waits, tried, logged };
}

const nothing = () => Promise.resolve();

describe('the keeper of the state file', () => {
  it('writes what is new at its interval, and says nothing', async () => {
    const path = join(await temporaryFolder(), 'state');
    expect(await keeping(path, [nothing, nothing])).toEqual({
      waits: [5 * SECOND, 5 * SECOND, 5 * SECOND],
      tried: [true, true, true],
      logged: [],
    });
    const kept = await readStateFile(path);
    expect(kept?.scopes[0]?.snapshot?.packs.map(({ name }) => name)).toEqual(['Round-2']);
  });

  it('spends little of the time on writing, however long that takes', async () => {
    const path = join(await temporaryFolder(), 'state');
    const day = 86_400 * SECOND;
    // As long as a clock that is set anew makes it seem.
    const { waits } = await keeping(path, [nothing, nothing, nothing], [SECOND / 10, SECOND, day]);
    expect(waits.map((ms) => ms / SECOND)).toEqual([5, 5, 20, 600]);
  });

  it('tries ever less often where it cannot write, and says so once until it can', async () => {
    const folder = join(await temporaryFolder(), 'folder');
    const path = join(folder, 'state');
    const replaceByFile = async () => {
      await rm(folder, { recursive: true });
      await writeFile(folder, '');
    };
    const result = await keeping(path, [
      ...Array.from({ length: 7 }, () => nothing),
      () => mkdir(folder),
      replaceByFile,
    ]);
    expect(result.waits.map((ms) => ms / SECOND)).toEqual([
      5, 30, 60, 120, 240, 480, 600, 600, 5, 30,
    ]);
    // The first is a look at the folder when it starts.
    expect(result.tried).toEqual([...Array.from({ length: 8 }, () => false), true, false, false]);
    expect(result.logged).toEqual([
      ['state_failed', 'warn', `cannot write in ${folder}: ENOENT: no such file or directory`],
      ['state_recovered', 'info', undefined],
      ['state_failed', 'warn', `cannot write in ${folder}: ENOTDIR: not a directory`],
    ]);
  });
});
