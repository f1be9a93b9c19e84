import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AccountColumnsBuilder,
  AccountIds,
  reportAt,
  rowOf,
  type AccountColumns,
  type AccountReport,
  type KeptReport,
} from '../../../src/conformance/account-columns.js';
import { STATUSES, supersedes } from '../../../src/conformance/status.js';

function build(reports: readonly AccountReport[], ids = new AccountIds()): AccountColumns {
  const builder = new AccountColumnsBuilder(ids);
  for (const report of reports) builder.add(report);
  return builder.build();
}

function rowsOf(columns: AccountColumns): KeptReport[] {
  return Array.from({ length: columns.rows }, (_, row) => reportAt(columns, row));
}

const accountId = fc.integer({ min: 1, max: 30 }).map((id) => String(id).padStart(12, '0'));
const text = fc.option(fc.constantFrom('busy', 'denied', 'gone'), { nil: undefined });
const report = fc.record({
  accountId,
  status: fc.constantFrom(...STATUSES, 'PAUSED'),
  updatedAt: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  errorCode: text,
  errorMessage: text,
});

describe('rowOf', () => {
  it('is the row of an account, and none of one that is not reported', () => {
    fc.assert(
      fc.property(fc.array(report), accountId, (reports, id) => {
        const columns = build(reports);
        const row = rowsOf(columns).findIndex((each) => each.accountId === id);
        expect(rowOf(columns, id)).toBe(row < 0 ? undefined : row);
      }),
    );
  });
});

describe('AccountColumnsBuilder', () => {
  it('keeps what AWS reports, sorted by account', () => {
    const failed = {
      accountId: '000000000002',
      status: 'CREATE_FAILED',
      updatedAt: 1500,
      errorCode: 'ResourceInUseException',
      errorMessage: 'busy',
    };
    const fine = { accountId: '000000000001', status: 'CREATE_SUCCESSFUL', updatedAt: 7 };
    expect(rowsOf(build([failed, fine]))).toEqual([
      { ...fine, errorCode: undefined, errorMessage: undefined },
      { ...failed, errorCode: 'ResourceInUse' },
    ]);
  });

  it('keeps one row an account: the one that supersedes all others', () => {
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        const rows = rowsOf(build(reports));
        const accounts = rows.map((row) => row.accountId);
        expect(accounts).toEqual([...new Set(reports.map((row) => row.accountId))].sort());
        for (const row of rows) {
          const others = reports.filter((other) => other.accountId === row.accountId);
          expect(others.some((other) => supersedes(other, row))).toBe(false);
          const kept = others.filter(
            ({ errorCode, errorMessage, status, updatedAt }) =>
              errorMessage === row.errorMessage &&
              errorCode === row.rawCode &&
              status === row.status &&
              updatedAt === row.updatedAt,
          );
          expect(kept).not.toEqual([]);
        }
      }),
    );
  });

  it('forgets the message of a report that was superseded', () => {
    const id = '000000000001';
    const columns = build([
      { accountId: id, status: 'CREATE_FAILED', updatedAt: 1, errorMessage: 'was bad' },
      { accountId: id, status: 'CREATE_SUCCESSFUL', updatedAt: 2 },
    ]);
    expect(reportAt(columns, 0)).toMatchObject({
      status: 'CREATE_SUCCESSFUL',
      errorMessage: undefined,
    });
  });

  it('adds statuses that it does not know, and shares a byte once they are too many', () => {
    const reports = Array.from({ length: 400 }, (_, i) => ({
      accountId: String(i).padStart(12, '0'),
      status: `NEW_${i}`,
    }));
    const rows = rowsOf(build(reports));
    expect(rows[0]?.status).toBe('NEW_0');
    expect(rows[245]?.status).toBe('NEW_245');
    expect(rows[399]?.status).toBe('OTHER');
    expect(new Set(rows.map((row) => row.status)).size).toBeLessThanOrEqual(256);
  });

  it('shares the ids of packs that are read together', () => {
    const ids = new AccountIds();
    const row = { accountId: '000000000001', status: 'CREATE_SUCCESSFUL' };
    build([row], ids);
    build([row, { ...row, accountId: '000000000002' }], ids);
    expect(ids.list).toEqual(['000000000001', '000000000002']);
  });

  it('sorts by ids that were not there yet when another pack was built', () => {
    const ids = new AccountIds();
    const reportsOf = (...accounts: readonly string[]) =>
      accounts.map((accountId) => ({ accountId, status: 'CREATE_SUCCESSFUL' }));
    const idsOf = (columns: AccountColumns) =>
      Array.from({ length: columns.rows }, (_, row) => reportAt(columns, row).accountId);
    expect(idsOf(build(reportsOf('000000000004', '000000000002'), ids))).toEqual([
      '000000000002',
      '000000000004',
    ]);
    const later = reportsOf('000000000003', '000000000004', '000000000001');
    expect(idsOf(build(later, ids))).toEqual(['000000000001', '000000000003', '000000000004']);
  });
});
