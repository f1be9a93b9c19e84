import { describe, expect, it } from 'vitest';
import { isMismatch } from '../../../src/conformance/rollout.js';
import type { Pack, RollUp } from '../../../src/conformance/snapshot.js';
import { mayRest, planSweeps, type Sweep } from '../../../src/refresh/sweep.js';
import { detailOf, packOf } from '../../support/columns.js';

const scope = { source: 'default', region: 'eu-west-1' };
const DONE: RollUp = { status: 'CREATE_SUCCESSFUL', updatedAt: 7 };

/** Some time after the pack was read, at 100. */
const NOT_NOW: Sweep = { readSince: 100, isTurn: () => false };

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

describe('mayRest', () => {
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
    ['has its turn', false, { last: complete, sweep: { ...NOT_NOW, isTurn: () => true } }],
    ['is overdue', false, { last: complete, sweep: { ...NOT_NOW, readSince: 101 } }],
  ])('of a pack that %s is %s', (_, expected, { last, rollUp = DONE, sweep = NOT_NOW }) => {
    expect(mayRest({ name: 'Base', rollUp }, last, sweep)).toBe(expected);
  });
});

describe('planSweeps', () => {
  const names = Array.from({ length: 500 }, (_, n) => `Pack-${n}`);

  it('gives every pack one turn in so many refreshes, and each refresh its share', () => {
    const plan = planSweeps(5, scope);
    const sweeps = [1, 2, 3, 4, 5].map(plan);
    for (const name of names) {
      expect(sweeps.filter(({ isTurn }) => isTurn(name))).toHaveLength(1);
    }
    for (const { isTurn } of sweeps) {
      const share = names.filter(isTurn).length;
      expect(share).toBeGreaterThan(100 / 1.5);
      expect(share).toBeLessThan(100 * 1.5);
    }
    const again = plan(6);
    expect(names.filter((name) => again.isTurn(name))).toEqual(
      names.filter((name) => sweeps[0]?.isTurn(name)),
    );
  });

  it('takes what the refreshes of one round have not read for too old, and at first everything', () => {
    const plan = planSweeps(3, scope);
    expect([10, 20, 30, 40, 50].map((at) => plan(at).readSince)).toEqual([10, 10, 10, 20, 30]);
  });

  it('of one refresh each leaves nothing alone', () => {
    const plan = planSweeps(1, scope);
    for (const at of [10, 20]) {
      const sweep = plan(at);
      expect(sweep.readSince).toBe(at);
      expect(names.every(sweep.isTurn)).toBe(true);
    }
  });

  it('gives packs of one name in several Regions turns of their own', () => {
    const here = planSweeps(5, scope)(1);
    const there = planSweeps(5, { ...scope, region: 'us-east-1' })(1);
    expect(names.filter(here.isTurn)).not.toEqual(names.filter(there.isTurn));
  });
});
