import { describe, expect, it } from 'vitest';
import { outcomeOf, STATUSES, supersedes } from '../../../src/conformance/status.js';

describe('outcomeOf', () => {
  it.each([
    ['CREATE_SUCCESSFUL', 'successful'],
    ['CREATE_IN_PROGRESS', 'in_progress'],
    ['CREATE_FAILED', 'failed'],
    ['UPDATE_SUCCESSFUL', 'successful'],
    ['UPDATE_IN_PROGRESS', 'in_progress'],
    ['UPDATE_FAILED', 'failed'],
    ['DELETE_SUCCESSFUL', 'successful'],
    ['DELETE_IN_PROGRESS', 'in_progress'],
    ['DELETE_FAILED', 'failed'],
    ['ROLLBACK_FAILED', 'unknown'],
    ['create_failed', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  it('knows no status twice', () => {
    expect(new Set(STATUSES).size).toBe(9);
  });
});

describe('supersedes', () => {
  it.each([
    ['a newer success', { status: 'CREATE_SUCCESSFUL', updatedAt: 2 }, true],
    ['an older failure', { status: 'CREATE_FAILED', updatedAt: 0 }, false],
    ['a failure of the same time', { status: 'CREATE_FAILED', updatedAt: 1 }, true],
    ['a success of the same time', { status: 'CREATE_SUCCESSFUL', updatedAt: 1 }, false],
    ['the same again', { status: 'CREATE_IN_PROGRESS', updatedAt: 1 }, false],
    ['a failure without a time', { status: 'CREATE_FAILED' }, false],
  ])('%s against an update in progress: %#', (_, candidate, wins) => {
    expect(supersedes(candidate, { status: 'UPDATE_IN_PROGRESS', updatedAt: 1 })).toBe(wins);
  });

  it('takes gravity where neither report has a time', () => {
    expect(supersedes({ status: 'CREATE_FAILED' }, { status: 'CREATE_SUCCESSFUL' })).toBe(true);
    expect(supersedes({ status: 'CREATE_SUCCESSFUL' }, { status: 'CREATE_FAILED' })).toBe(false);
  });
});
