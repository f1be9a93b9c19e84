import { describe, expect, it } from 'vitest';
import { isMismatch } from '../../../src/conformance/rollout.js';
import type { Pack, RollUp } from '../../../src/conformance/snapshot.js';
import { mostSwept, planSweeps, resting, type Sweep } from '../../../src/refresh/sweep.js';
import { detailOf, packOf } from '../../support/columns.js';

const DONE: RollUp = { status: 'CREATE_SUCCESSFUL', updatedAt: 7 };

/** Some time after the pack was read, at 100. */
const NOT_NOW: Sweep = { every: 4, turn: 0, readSince: 100 };

/** A pack whose accounts have these statuses, read along with this roll-up. */
function readPack(statuses: readonly string[], rollUp: RollUp = DONE): Pack {
  const reports = statuses.map((status, n) => ({ accountId: String(100_000_000_000 + n), status }));
  const detail = detailOf(reports, 100);
  const mismatch = isMismatch(rollUp.status, detail.summary);
  return packOf('Base', { rollUp, detail: { ...detail, rollUp, mismatch } });
}

const complete = readPack(['CREATE_SUCCESSFUL', 'UPDATE_SUCCESSFUL']);
const deleted: RollUp = { status: 'DELETE_SUCCESSFUL', updatedAt: 7 };
const failed: RollUp = { status: 'CREATE_FAILED', updatedAt: 7 };
const busy: RollUp = { status: 'UPDATE_IN_PROGRESS', updatedAt: 7 };
const strange: RollUp = { status: 'PAUSED', updatedAt: 7 };

const successful = { accountId: '100000000000', status: 'CREATE_SUCCESSFUL' };
const ofUnknownRollUp = { ...detailOf([successful], 100), mismatch: false };

interface Case {
  readonly last: Pack | undefined;
  readonly rollUp?: RollUp;
  readonly sweep?: Sweep;
}

describe('a pack', () => {
  it.each<[string, boolean, Case]>([
    ['is complete', true, { last: complete }],
    ['is deleted', true, { last: readPack(['DELETE_SUCCESSFUL'], deleted), rollUp: deleted }],
    [
      'has no time of its last update, as before',
      true,
      {
        last: readPack(['CREATE_SUCCESSFUL'], { status: 'CREATE_SUCCESSFUL' }),
        rollUp: { status: 'CREATE_SUCCESSFUL' },
      },
    ],
    ['has never been seen', false, { last: undefined }],
    ['has never been read', false, { last: { ...complete, detail: undefined } }],
    [
      'was read with nobody knows which roll-up',
      false,
      { last: { ...complete, detail: ofUnknownRollUp } },
    ],
    [
      'has an account that failed',
      false,
      { last: readPack(['CREATE_FAILED'], failed), rollUp: failed },
    ],
    [
      'has an account in progress',
      false,
      { last: readPack(['CREATE_SUCCESSFUL', 'UPDATE_IN_PROGRESS'], busy), rollUp: busy },
    ],
    ['has an account of an unknown status', false, { last: readPack(['PAUSED']) }],
    ['has no account', false, { last: readPack([]) }],
    [
      'disagrees with its roll-up',
      false,
      { last: readPack(['CREATE_SUCCESSFUL'], busy), rollUp: busy },
    ],
    [
      'has a roll-up of an unknown status',
      false,
      { last: readPack(['CREATE_SUCCESSFUL'], strange), rollUp: strange },
    ],
    [
      'has another status',
      false,
      { last: complete, rollUp: { ...DONE, status: 'UPDATE_SUCCESSFUL' } },
    ],
    ['was updated since', false, { last: complete, rollUp: { ...DONE, updatedAt: 8 } }],
    [
      'has lost the time of its last update',
      false,
      { last: complete, rollUp: { status: DONE.status } },
    ],
    ['has its turn', false, { last: complete, sweep: { ...NOT_NOW, turn: 3 } }],
    ['is overdue', false, { last: complete, sweep: { ...NOT_NOW, readSince: 101 } }],
  ])('that %s may rest: %s', (_, expected, { last, rollUp = DONE, sweep = NOT_NOW }) => {
    expect(resting([{ rollUp, last }], sweep).size).toBe(expected ? 1 : 0);
  });
});

describe('sweeps', () => {
  /** Refreshes packs one minute after the other; resolves with how many were read at each. */
  function sweep(packs: number, every: number, refreshes: number) {
    const plan = planSweeps(every);
    const readAt = Array.from({ length: packs }, () => NaN);
    const counts: number[] = [];
    let oldest = 0;
    for (let now = 1; now <= refreshes; now++) {
      const listed = readAt.map((at) => ({
        rollUp: DONE,
        last: Number.isNaN(at) ? undefined : readAtTime(at),
      }));
      const rests = resting(listed, plan(now));
      counts.push(packs - rests.size);
      listed.forEach((pack, index) => {
        if (!rests.has(pack)) readAt[index] = now;
      });
      oldest = Math.max(oldest, ...readAt.map((at) => now - at));
    }
    return { counts, oldest };
  }

  function readAtTime(at: number): Pack {
    const { detail } = complete;
    return { ...complete, detail: detail && { ...detail, readAt: at } };
  }

  it.each([
    [50, 6],
    [25, 12],
    [15, 6],
    [7, 3],
    [3, 5],
    [1, 4],
    [8, 1],
  ])('read each of %i packs once in %i refreshes, as evenly as can be', (packs, every) => {
    const { counts, oldest } = sweep(packs, every, 5 * every);
    // At first everything.
    expect(counts[0]).toBe(packs);
    for (const count of counts.slice(1)) {
      expect(count).toBeGreaterThanOrEqual(Math.floor(packs / every));
      expect(count).toBeLessThanOrEqual(mostSwept(packs, every));
    }
    for (let start = 1; start + every <= counts.length; start++) {
      const round = counts.slice(start, start + every);
      expect(round.reduce((sum, count) => sum + count, 0)).toBe(packs);
    }
    expect(oldest).toBeLessThan(every);
  });

  it('take what the refreshes of one round have not read for too old', () => {
    const plan = planSweeps(3);
    expect([10, 20, 30, 40, 50].map((at) => plan(at).readSince)).toEqual([10, 10, 10, 20, 30]);
  });

  it('leave nothing alone for longer when packs come and go', () => {
    const plan = planSweeps(4);
    const readAt = new Map(Array.from({ length: 20 }, (_, n) => [`P${n}`, 0]));
    for (let now = 1; now <= 40; now++) {
      // The oldest of them go, and as many or fewer come that are read at once.
      for (const name of [...readAt.keys()].slice(0, now % 5)) readAt.delete(name);
      for (let n = 0; n < now % 4; n++) readAt.set(`P${now}-${n}`, now);
      const listed = [...readAt].map(([name, at]) => ({
        name,
        rollUp: DONE,
        last: readAtTime(at),
      }));
      const rests = resting(listed, plan(now));
      for (const pack of listed) if (!rests.has(pack)) readAt.set(pack.name, now);
      expect(Math.max(0, ...[...readAt.values()].map((at) => now - at))).toBeLessThan(4);
    }
  });
});
