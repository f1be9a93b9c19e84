import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportAt, type AccountReport } from '../../../src/conformance/account-columns.js';
import { STATUSES } from '../../../src/conformance/status.js';
import {
  countTransitions,
  eachTransition,
  NO_TRANSITIONS,
  transitionsBetween,
} from '../../../src/conformance/transitions.js';
import { detailOf } from '../../support/columns.js';

const id = (n: number) => String(n).padStart(12, '0');
const reports = fc.uniqueArray(
  fc.record({
    accountId: fc.integer({ min: 1, max: 20 }).map(id),
    status: fc.constantFrom(...STATUSES, 'PAUSED'),
  }),
  { selector: ({ accountId }) => accountId },
);

function between(before: readonly AccountReport[], after: readonly AccountReport[]) {
  const transitions = transitionsBetween(detailOf(before).accounts, detailOf(after).accounts);
  return [...eachTransition(transitions)].map(({ from, row, to }) => [
    reportAt(transitions.accounts, row).accountId,
    from,
    to,
  ]);
}

describe('transitionsBetween', () => {
  it('finds the accounts that are in both and differ', () => {
    const before = [
      { accountId: id(1), status: 'CREATE_IN_PROGRESS' },
      { accountId: id(2), status: 'CREATE_IN_PROGRESS' },
      { accountId: id(3), status: 'CREATE_SUCCESSFUL' },
    ];
    const after = [
      { accountId: id(2), status: 'CREATE_FAILED' },
      { accountId: id(3), status: 'CREATE_SUCCESSFUL' },
      { accountId: id(4), status: 'CREATE_FAILED' },
    ];
    expect(between(before, after)).toEqual([[id(2), 'CREATE_IN_PROGRESS', 'CREATE_FAILED']]);
  });

  it('agrees with a comparison account by account', () => {
    fc.assert(
      fc.property(reports, reports, (before, after) => {
        const expected = after
          .toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))
          .flatMap(({ accountId, status }) => {
            const earlier = before.find((report) => report.accountId === accountId);
            return earlier === undefined || earlier.status === status
              ? []
              : [[accountId, earlier.status, status]];
          });
        expect(between(before, after)).toEqual(expected);
      }),
    );
  });

  it('finds none between a reading and itself', () => {
    fc.assert(
      fc.property(reports, (same) => {
        expect(between(same, same)).toEqual([]);
      }),
    );
  });
});

describe('countTransitions', () => {
  it('counts by the status that they led to, from 0 for each known one', () => {
    const reading = (...statuses: readonly string[]) =>
      detailOf(statuses.map((status, n) => ({ accountId: id(n), status }))).accounts;
    const busy = 'CREATE_IN_PROGRESS';
    const moved = transitionsBetween(
      reading(busy, busy, busy, busy),
      reading('CREATE_FAILED', 'CREATE_FAILED', 'PAUSED', busy),
    );
    const counts = countTransitions(NO_TRANSITIONS, moved);
    expect(Object.fromEntries(counts)).toEqual({
      ...Object.fromEntries(STATUSES.map((status) => [status, 0])),
      CREATE_FAILED: 2,
      PAUSED: 1,
    });
    expect(NO_TRANSITIONS.get('CREATE_FAILED')).toBe(0);
  });
});
