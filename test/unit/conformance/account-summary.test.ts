import { expect, it } from 'vitest';
import { detailOf } from '../../support/columns.js';

const id = (n: number) => String(n).padStart(12, '0');

it('counts accounts by status, outcome and error code', () => {
  const { summary } = detailOf([
    { accountId: id(1), status: 'CREATE_SUCCESSFUL', updatedAt: 10 },
    { accountId: id(2), status: 'CREATE_FAILED', updatedAt: 30, errorCode: 'ResourceInUse' },
    { accountId: id(3), status: 'UPDATE_FAILED', updatedAt: 20, errorCode: 'ResourceInUse' },
    { accountId: id(4), status: 'DELETE_FAILED' },
    { accountId: id(5), status: 'UPDATE_IN_PROGRESS', updatedAt: 40 },
    { accountId: id(6), status: 'PAUSED', updatedAt: 5, errorCode: 'ResourceInUse' },
  ]);
  expect(Object.fromEntries(summary.byStatus)).toEqual({
    CREATE_SUCCESSFUL: 1,
    CREATE_IN_PROGRESS: 0,
    CREATE_FAILED: 1,
    UPDATE_SUCCESSFUL: 0,
    UPDATE_IN_PROGRESS: 1,
    UPDATE_FAILED: 1,
    DELETE_SUCCESSFUL: 0,
    DELETE_IN_PROGRESS: 0,
    DELETE_FAILED: 1,
    PAUSED: 1,
  });
  expect(summary.byOutcome).toEqual({
    failed: { accounts: 3, dated: 2, erroneous: 3, oldest: 20 },
    in_progress: { accounts: 1, dated: 1, erroneous: 0, oldest: 40 },
    successful: { accounts: 1, dated: 1, erroneous: 0, oldest: 10 },
    unknown: { accounts: 1, dated: 1, erroneous: 1, oldest: 5 },
  });
  // Sums to the failed: the code of an account that has not failed does not count.
  expect(Object.fromEntries(summary.failedByCode)).toEqual({ ResourceInUse: 2, unspecified: 1 });
});

it('has a count for every known status of a pack without accounts', () => {
  const { summary } = detailOf([]);
  expect(summary.byStatus.size).toBe(9);
  expect([...summary.byStatus.values()].every((count) => count === 0)).toBe(true);
  expect(summary.byOutcome.failed.oldest).toBeUndefined();
});
