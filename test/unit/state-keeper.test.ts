import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStateKeeper } from '../../src/state-keeper.js';
import {
  readStateFile,
  STATE_FILES,
  StateFileError,
  type StateFiles,
} from '../../src/refresh/state-file.js';
import type { KeptState } from '../../src/refresh/store.js';
import { packOf } from '../support/columns.js';
import { temporaryFolder } from '../support/files.js';
import { KEPT_STATE } from '../support/kept-state.js';
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
      ['state_failed', 40, `cannot write in ${folder}: ENOENT: no such file or directory`],
      ['state_recovered', 30, undefined],
      ['state_failed', 40, `cannot write in ${folder}: ENOTDIR: not a directory`],
      ['state_left', 40, `cannot write in ${folder}: ENOTDIR: not a directory`],
    ]);
  });
});

const NO_ANSWER = 'the file system of /hanging does not answer';

/** What answers when it is told to, and not before. */
function onDemand<Result>() {
  const asked: { answer: (result: Result) => void; fail: (error: Error) => void }[] = [];
  const ask = () =>
    new Promise<Result>((answer, fail) => {
      asked.push({ answer, fail });
    });
  return { ask, asked };
}

/** A keeper on a file system of which some or all does not answer, and whose time passes when it is told to. */
function onFileSystem(files: Partial<StateFiles>) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = storeOf([snapshotOf([])]);
  const { lines, logger } = collectingLogger();
  const tried: boolean[] = [];
  const { ask: sleep, asked: sleeps } = onDemand<undefined>();
  const keeper = createStateKeeper({
    path: '/hanging/state',
    store,
    selects: () => true,
    onTried: (successful) => tried.push(successful),
    clock: () => 0,
    logger,
    random: () => 0.5,
    sleep: (_ms, signal) =>
      Promise.race([
        sleep(),
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', reject);
        }),
      ]),
    files: {
      ...STATE_FILES,
      removeLeftovers: () => Promise.resolve(),
      check: () => Promise.resolve(),
      read: () => Promise.resolve(undefined),
      ...files,
    },
  });
  return {
    keeper,
    store,
    tried,
    logged: () => lines.map(({ event, level, reason }) => [event, level, reason]),
    learn: (pack: string) => {
      completeWith(store, snapshotOf([packOf(pack)]));
    },
    /** It is time for the next round. */
    nextRound: async () => {
      sleeps.at(-1)?.answer(undefined);
      await vi.advanceTimersByTimeAsync(0);
    },
    pass: (seconds: number) => vi.advanceTimersByTimeAsync(seconds * SECOND),
  };
}

const refused = () => new StateFileError('refused');

describe('the keeper on a file system that does not answer', () => {
  it('says so once, asks for nothing more, and goes on when there is an answer', async () => {
    const { ask: write, asked: writes } = onDemand<undefined>();
    const { keeper, learn, logged, nextRound, pass, tried } = onFileSystem({ write });
    keeper.start();
    learn('First');
    await nextRound();
    await pass(59);
    expect(tried).toEqual([]);
    await pass(1);
    learn('Second');
    await nextRound();
    await pass(60);
    expect(tried).toEqual([false, false]);
    expect(writes).toHaveLength(1);
    expect(logged()).toEqual([['state_failed', 40, NO_ANSWER]]);

    writes[0]?.answer(undefined);
    await pass(0);
    expect(tried).toEqual([false, false, true]);
    expect(logged().slice(1)).toEqual([
      ['state_written', 20, undefined],
      ['state_recovered', 30, undefined],
    ]);
    // What is new since it was asked.
    await nextRound();
    expect(writes).toHaveLength(2);
  });

  it('tries again where the answer is no, however late', async () => {
    const { ask: write, asked: writes } = onDemand<undefined>();
    const { keeper, learn, logged, nextRound, pass } = onFileSystem({ write });
    keeper.start();
    learn('First');
    await nextRound();
    await pass(60);
    writes[0]?.fail(refused());
    await nextRound();
    expect(writes).toHaveLength(2);
    expect(logged()).toEqual([
      ['state_failed', 40, NO_ANSWER],
      ['state_failed', 40, 'refused'],
    ]);
  });

  it.each([
    ['was known not to answer', 60],
    ['has not been waited for yet', 0],
  ])('stops in time, where it %s', async (_what, waitedFor) => {
    const { ask: write, asked: writes } = onDemand<undefined>();
    const { keeper, learn, logged, nextRound, pass } = onFileSystem({ write });
    const stop = keeper.start();
    learn('First');
    await nextRound();
    await pass(waitedFor);
    let stopped = false;
    const stopping = stop().then(() => (stopped = true));
    await pass(9);
    expect(stopped).toBe(false);
    await pass(1);
    await stopping;
    expect(writes).toHaveLength(1);
    expect(logged().at(-1)).toEqual(['state_left', 40, NO_ANSWER]);
  });

  it('writes a last time, where it answers while that is waited for', async () => {
    const { ask: write, asked: writes } = onDemand<undefined>();
    const { keeper, learn, logged, nextRound, pass } = onFileSystem({ write });
    const stop = keeper.start();
    learn('First');
    await nextRound();
    await pass(60);
    learn('Second');
    const stopping = stop();
    await pass(9);
    writes[0]?.answer(undefined);
    await pass(0);
    writes[1]?.answer(undefined);
    await stopping;
    expect(writes).toHaveLength(2);
    expect(logged().map(([event]) => event)).toEqual([
      'state_failed',
      'state_written',
      'state_recovered',
      'state_written',
    ]);
  });

  it('begins with nothing, and writes when there is an answer', async () => {
    const { ask: read, asked: reads } = onDemand<KeptState>();
    const write = vi.fn<StateFiles['write']>(() => Promise.resolve());
    const { keeper, learn, logged, nextRound, pass, store, tried } = onFileSystem({ read, write });
    const restoring = keeper.restore();
    await pass(10);
    await restoring;
    expect(tried).toEqual([false]);
    expect(logged()).toEqual([
      ['state_failed', 40, NO_ANSWER],
      ['state_ignored', 40, NO_ANSWER],
    ]);

    keeper.start();
    learn('New');
    await nextRound();
    await pass(60);
    expect(write).not.toHaveBeenCalled();
    reads[0]?.answer(KEPT_STATE);
    await nextRound();
    // What it held is of the past.
    expect(store.states.map(({ snapshot }) => snapshot?.packs.map(({ name }) => name))).toEqual([
      ['New'],
    ]);
    expect(write).toHaveBeenCalledTimes(1);
    expect(logged().at(-1)).toEqual(['state_recovered', 30, undefined]);
  });

  it('is not harmed by what is wrong with the file, however late that turns out', async () => {
    const { ask: read, asked: reads } = onDemand<KeptState>();
    const { keeper, learn, logged, nextRound, pass } = onFileSystem({ read });
    const restoring = keeper.restore();
    await pass(10);
    await restoring;
    keeper.start();
    learn('New');
    await nextRound();
    reads[0]?.fail(refused());
    await pass(0);
    expect(logged().map(([event]) => event)).toEqual(['state_failed', 'state_ignored']);
  });
});
