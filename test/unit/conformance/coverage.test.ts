import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountReport } from '../../../src/conformance/account-columns.js';
import {
  coverageOf,
  isMissing,
  reportsAccount,
  type Coverage,
} from '../../../src/conformance/coverage.js';
import type { OrganizationAccount } from '../../../src/conformance/organization.js';
import { detailOf } from '../../support/columns.js';

const id = (n: number) => String(n).padStart(12, '0');
const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

function account(n: number, more: Partial<OrganizationAccount> = {}): OrganizationAccount {
  return {
    id: id(n),
    name: `a${n}`,
    state: 'ACTIVE',
    joinedAt: 0,
    unitId: '',
    unitPath: '',
    ...more,
  };
}

function cover(
  accounts: readonly OrganizationAccount[],
  reports: readonly AccountReport[],
  more: {
    excluded?: string[];
    managementAccountId?: string;
    expectsManagement?: boolean;
    rollUp?: string;
  } = {},
): Coverage {
  return coverageOf({
    detail: detailOf(reports),
    rollUp: { status: more.rollUp ?? 'CREATE_SUCCESSFUL' },
    description: { arn: '', excludedAccounts: more.excluded ?? [] },
    organization: {
      readAt: NOW,
      managementAccountId: more.managementAccountId,
      accounts: new Map(accounts.map((each) => [each.id, each])),
      unitNames: new Map(),
    },
    expectsManagement: more.expectsManagement ?? false,
    now: NOW,
  });
}

const fine = (n: number) => ({ accountId: id(n), status: 'CREATE_SUCCESSFUL' });

describe('missing accounts', () => {
  it('are the active ones that are neither reported nor excluded', () => {
    const accounts = [1, 2, 3, 4].map((n) => account(n));
    accounts.push(account(5, { state: 'SUSPENDED' }));
    const { excluded, missing } = cover(accounts, [fine(1)], { excluded: [id(3)] });
    expect(missing).toEqual([id(2), id(4)]);
    expect(excluded).toBe(1);
  });

  it('are none where an account is reported that the organization does not know', () => {
    expect(cover([account(1)], [fine(1), fine(9)]).missing).toEqual([]);
  });

  it('count the management account only where packs are deployed to it', () => {
    const accounts = [account(1), account(2)];
    const management = { managementAccountId: id(1) };
    expect(cover(accounts, [fine(2)], management).missing).toEqual([]);
    const expected = cover(accounts, [fine(2)], { ...management, expectsManagement: true });
    expect(expected.missing).toEqual([id(1)]);
  });

  it('include those from which the pack was deleted while others keep it', () => {
    const accounts = [account(1), account(2)];
    const gone = (n: number) => ({ accountId: id(n), status: 'DELETE_SUCCESSFUL' });
    expect(cover(accounts, [fine(1), gone(2)]).missing).toEqual([id(2)]);
    expect(cover(accounts, [gone(1), gone(2)]).missing).toEqual([]);
  });

  it.each(['DELETE_IN_PROGRESS', 'DELETE_FAILED', 'DELETE_SUCCESSFUL'])(
    'are none of a pack whose roll-up is %s',
    (rollUp) => {
      expect(cover([account(1), account(2)], [fine(1)], { rollUp }).missing).toEqual([]);
    },
  );
});

describe('excused accounts', () => {
  const failed = (n: number) => ({ accountId: id(n), status: 'CREATE_FAILED' });

  it('are the unsuccessful that joined less than 7 hours ago or are not active, which wins', () => {
    const accounts = [
      account(1, { joinedAt: NOW - 7 * HOUR }),
      account(2, { joinedAt: NOW - 7 * HOUR + 1 }),
      account(3, { state: 'SUSPENDED', joinedAt: NOW }),
      account(4, { joinedAt: NOW }),
      account(5, { joinedAt: NOW }),
      account(6, { joinedAt: undefined }),
    ];
    const { changesAt, excused } = cover(accounts, [
      failed(1),
      failed(2),
      failed(3),
      { accountId: id(4), status: 'UPDATE_IN_PROGRESS' },
      fine(5),
      failed(6),
    ]);
    expect(excused.get('CREATE_FAILED')).toEqual({ new: 1, inactive: 1 });
    expect(excused.get('UPDATE_IN_PROGRESS')).toEqual({ new: 1, inactive: 0 });
    expect(changesAt).toBe(NOW + 1);
  });

  it('are those too that the organization did not have when it was read: new, or gone', () => {
    const { excused } = cover(
      [account(1)],
      [{ ...failed(2), updatedAt: NOW + 1 }, { ...failed(3), updatedAt: NOW - 1 }, failed(4)],
    );
    expect(excused.get('CREATE_FAILED')).toEqual({ new: 1, inactive: 2 });
  });

  it('are told for every unsuccessful status, of which there are six, and those that occur', () => {
    const { changesAt, excused } = cover([account(1)], [{ accountId: id(1), status: 'PAUSED' }]);
    expect([...excused.keys()].sort()).toEqual([
      'CREATE_FAILED',
      'CREATE_IN_PROGRESS',
      'DELETE_FAILED',
      'DELETE_IN_PROGRESS',
      'PAUSED',
      'UPDATE_FAILED',
      'UPDATE_IN_PROGRESS',
    ]);
    expect(changesAt).toBe(Infinity);
  });
});

describe('isMissing', () => {
  it('finds an account among the missing, wherever it stands', () => {
    const accounts = fc.uniqueArray(fc.integer({ min: 0, max: 30 }));
    fc.assert(
      fc.property(accounts, fc.nat(30), (ids, wanted) => {
        const coverage = cover(
          ids.map((n) => account(n)),
          [],
        );
        expect(isMissing(coverage, id(wanted))).toBe(ids.includes(wanted));
      }),
    );
  });
});

describe('reportsAccount', () => {
  it('finds an account wherever it stands', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 30 })), fc.nat(30), (ids, wanted) => {
        const { accounts } = detailOf(ids.map(fine));
        expect(reportsAccount(accounts, id(wanted))).toBe(ids.includes(wanted));
      }),
    );
  });

  it('does not find one from which the pack was deleted', () => {
    const { accounts } = detailOf([fine(1), { accountId: id(2), status: 'DELETE_SUCCESSFUL' }]);
    expect(reportsAccount(accounts, id(1))).toBe(true);
    expect(reportsAccount(accounts, id(2))).toBe(false);
  });
});
