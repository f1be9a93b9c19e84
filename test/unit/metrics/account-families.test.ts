import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailOf, packOf } from '../../support/columns.js';
import { linesOf, render, snapshotOf, storeOf } from '../../support/render.js';

const LABELS = 'source="default",aws_region="eu-west-1",conformance_pack="Base"';
const id = (n: number) => String(n).padStart(12, '0');

const pack = packOf('Base', {
  detail: detailOf([
    { accountId: id(1), status: 'CREATE_SUCCESSFUL', updatedAt: 1_000 },
    { accountId: id(2), status: 'CREATE_FAILED', updatedAt: 2_500, errorCode: 'Weird"Code' },
    { accountId: id(3), status: 'PAUSED' },
  ]),
});
const store = storeOf([snapshotOf([pack])]);
const ACCOUNT_FAMILIES = [
  'account_status',
  'account_last_update_timestamp_seconds',
  'account_last_update_age_seconds',
  'account_error',
];

describe('the account families', () => {
  it('in full: nine statuses an account, and one more for an unknown one', async () => {
    const lines = linesOf(await render(store, { series: 'full' }, 10_000), ...ACCOUNT_FAMILIES);
    const statuses = lines.filter((line) => line.startsWith('account_status'));
    expect(statuses).toHaveLength(9 + 9 + 10);
    expect(statuses.filter((line) => line.endsWith(' 1'))).toEqual([
      `account_status{${LABELS},account_id="${id(1)}",status="CREATE_SUCCESSFUL"} 1`,
      `account_status{${LABELS},account_id="${id(2)}",status="CREATE_FAILED"} 1`,
      `account_status{${LABELS},account_id="${id(3)}",status="PAUSED"} 1`,
    ]);
    expect(lines.filter((line) => !line.startsWith('account_status'))).toEqual([
      `account_last_update_timestamp_seconds{${LABELS},account_id="${id(1)}"} 1`,
      `account_last_update_timestamp_seconds{${LABELS},account_id="${id(2)}"} 2.5`,
      `account_error{${LABELS},account_id="${id(2)}",error_code="other"} 1`,
      `account_last_update_age_seconds{${LABELS},account_id="${id(1)}"} 9`,
      `account_last_update_age_seconds{${LABELS},account_id="${id(2)}"} 7.5`,
    ]);
  });

  it('active: the one true status', async () => {
    const lines = linesOf(await render(store, { series: 'active' }, 10_000), ...ACCOUNT_FAMILIES);
    expect(lines).toEqual([
      `account_status{${LABELS},account_id="${id(1)}",status="CREATE_SUCCESSFUL"} 1`,
      `account_status{${LABELS},account_id="${id(2)}",status="CREATE_FAILED"} 1`,
      `account_status{${LABELS},account_id="${id(3)}",status="PAUSED"} 1`,
      `account_last_update_timestamp_seconds{${LABELS},account_id="${id(1)}"} 1`,
      `account_last_update_timestamp_seconds{${LABELS},account_id="${id(2)}"} 2.5`,
      `account_error{${LABELS},account_id="${id(2)}",error_code="other"} 1`,
    ]);
  });

  it('failed: all that are not successful', async () => {
    const lines = linesOf(await render(store, { series: 'failed' }), 'account_status');
    expect(lines).toEqual([
      `account_status{${LABELS},account_id="${id(2)}",status="CREATE_FAILED"} 1`,
      `account_status{${LABELS},account_id="${id(3)}",status="PAUSED"} 1`,
    ]);
  });

  it('none: nothing', async () => {
    expect(linesOf(await render(store, { series: 'none' }), ...ACCOUNT_FAMILIES)).toEqual([]);
  });

  it.each([
    ['active', 'always', 2],
    ['full', 'never', 0],
    ['active', 'auto', 0],
    ['full', 'auto', 2],
  ] as const)('ages with %s series and --accounts.age=%s: %i', async (series, age, count) => {
    const lines = linesOf(
      await render(store, { series, age }, 10_000),
      'account_last_update_age_seconds',
    );
    expect(lines).toHaveLength(count);
  });

  it('tell every account what is its own, in whatever order statuses, errors and times follow', async () => {
    const status = fc.constantFrom('CREATE_SUCCESSFUL', 'UPDATE_FAILED', 'PAUSED');
    const report = fc.record({
      status,
      updatedAt: fc.option(fc.integer({ min: 0, max: 2e12 }), { nil: undefined }),
      errorCode: fc.constantFrom(undefined, 'InternalError'),
    });
    // A run of accounts that are alike may go over the end of a chunk.
    const run = fc.tuple(report, fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(2_000)));
    await fc.assert(
      fc.asyncProperty(fc.array(run, { maxLength: 8 }), async (runs) => {
        const reports = runs
          .flatMap(([each, times]) => Array.from({ length: times }, () => each))
          .map((each, i) => ({ ...each, accountId: id(7 * i) }));
        const detail = detailOf(reports);
        const lines = linesOf(
          await render(storeOf([snapshotOf([packOf('Base', { detail })])]), {
            series: 'active',
            samplesLimit: 0,
          }),
          ...ACCOUNT_FAMILIES,
        );
        const sample = (name: string, accountId: string, rest: string) =>
          `${name}{${LABELS},account_id="${accountId}"${rest}`;
        expect(lines).toEqual([
          ...reports.map((each) =>
            sample('account_status', each.accountId, `,status="${each.status}"} 1`),
          ),
          ...reports
            .filter(({ updatedAt }) => updatedAt !== undefined)
            .map(({ accountId, updatedAt = NaN }) =>
              sample('account_last_update_timestamp_seconds', accountId, `} ${updatedAt / 1000}`),
            ),
          ...reports
            .filter(({ errorCode, status: of }) => errorCode ?? of.endsWith('FAILED'))
            .map(({ accountId, errorCode = 'unspecified' }) =>
              sample('account_error', accountId, `,error_code="${errorCode}"} 1`),
            ),
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('tell no age where the exposition is a file', async () => {
    const text = await render(store, { series: 'full', age: 'always', live: false }, 10_000);
    expect(text).not.toContain('age_seconds');
  });
});
