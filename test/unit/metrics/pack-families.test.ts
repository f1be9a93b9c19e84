import { describe, expect, it } from 'vitest';
import { detailOf, packOf } from '../../support/columns.js';
import { linesOf, render, snapshotOf, storeOf } from '../../support/render.js';

const LABELS = 'source="default",aws_region="eu-west-1",conformance_pack="Base"';
const id = (n: number) => String(n).padStart(12, '0');

describe('the pack families', () => {
  it('of a pack whose accounts have not been read', async () => {
    const pack = packOf('Base', { rollUp: { status: 'UPDATE_IN_PROGRESS', updatedAt: 1_500 } });
    expect(await render(storeOf([snapshotOf([pack])]), {}, 4_000)).toBe(
      `# HELP aws_config_org_conformance_pack_status Roll-up status that AWS reports for the pack: 1 for the current status, 0 for the others. Read in a background refresh, not at scrape time.
# TYPE aws_config_org_conformance_pack_status gauge
aws_config_org_conformance_pack_status{${LABELS},status="CREATE_SUCCESSFUL"} 0
aws_config_org_conformance_pack_status{${LABELS},status="CREATE_IN_PROGRESS"} 0
aws_config_org_conformance_pack_status{${LABELS},status="CREATE_FAILED"} 0
aws_config_org_conformance_pack_status{${LABELS},status="UPDATE_SUCCESSFUL"} 0
aws_config_org_conformance_pack_status{${LABELS},status="UPDATE_IN_PROGRESS"} 1
aws_config_org_conformance_pack_status{${LABELS},status="UPDATE_FAILED"} 0
aws_config_org_conformance_pack_status{${LABELS},status="DELETE_SUCCESSFUL"} 0
aws_config_org_conformance_pack_status{${LABELS},status="DELETE_IN_PROGRESS"} 0
aws_config_org_conformance_pack_status{${LABELS},status="DELETE_FAILED"} 0
# HELP aws_config_org_conformance_pack_rollout Verdict on the pack, derived from its member accounts: 1 for the current state, 0 for the others; unknown where the accounts have not been read, or not recently. Read in a background refresh, not at scrape time.
# TYPE aws_config_org_conformance_pack_rollout gauge
aws_config_org_conformance_pack_rollout{${LABELS},state="complete"} 0
aws_config_org_conformance_pack_rollout{${LABELS},state="in_progress"} 0
aws_config_org_conformance_pack_rollout{${LABELS},state="failed"} 0
aws_config_org_conformance_pack_rollout{${LABELS},state="deleted"} 0
aws_config_org_conformance_pack_rollout{${LABELS},state="unknown"} 1
# HELP aws_config_org_conformance_pack_last_update_timestamp_seconds When AWS last updated the pack, in seconds since the epoch. Read in a background refresh, not at scrape time.
# TYPE aws_config_org_conformance_pack_last_update_timestamp_seconds gauge
aws_config_org_conformance_pack_last_update_timestamp_seconds{${LABELS}} 1.5
# HELP aws_config_org_conformance_pack_account_status_transitions_total Transitions of member accounts to a status, as seen between refreshes; an account that appears or disappears does not count.
# TYPE aws_config_org_conformance_pack_account_status_transitions_total counter
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="CREATE_SUCCESSFUL"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="CREATE_IN_PROGRESS"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="CREATE_FAILED"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="UPDATE_SUCCESSFUL"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="UPDATE_IN_PROGRESS"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="UPDATE_FAILED"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="DELETE_SUCCESSFUL"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="DELETE_IN_PROGRESS"} 0
aws_config_org_conformance_pack_account_status_transitions_total{${LABELS},status="DELETE_FAILED"} 0
# HELP aws_config_org_conformance_pack_last_update_age_seconds Time since AWS last updated the pack. Computed at scrape time from the last background refresh.
# TYPE aws_config_org_conformance_pack_last_update_age_seconds gauge
aws_config_org_conformance_pack_last_update_age_seconds{${LABELS}} 2.5
`,
    );
  });

  it('tell of a status that is not known by a series of its own', async () => {
    const pack = packOf('Base', { rollUp: { status: 'ROLLBACK_FAILED' } });
    const lines = linesOf(await render(storeOf([snapshotOf([pack])])), 'status');
    expect(lines).toHaveLength(10);
    expect(lines.filter((line) => line.endsWith(' 1'))).toEqual([
      `status{${LABELS},status="ROLLBACK_FAILED"} 1`,
    ]);
  });

  it('have no age below 0 where the clock of AWS is ahead', async () => {
    const pack = packOf('Base', { rollUp: { status: 'CREATE_SUCCESSFUL', updatedAt: 5_000 } });
    const text = await render(storeOf([snapshotOf([pack])]), {}, 1_000);
    expect(linesOf(text, 'last_update_age_seconds')).toEqual([
      `last_update_age_seconds{${LABELS}} 0`,
    ]);
  });

  it('tell the error of the roll-up, the description and the counts', async () => {
    const pack = packOf('Base', {
      rollUp: { status: 'CREATE_FAILED', errorCode: 'ResourceInUse', errorMessage: 'secret' },
      description: { arn: 'arn:aws:config:x', excludedAccounts: [] },
      detail: detailOf(
        [
          { accountId: id(1), status: 'CREATE_FAILED', updatedAt: 3_000 },
          { accountId: id(2), status: 'UPDATE_IN_PROGRESS', updatedAt: 2_000 },
          { accountId: id(3), status: 'CREATE_SUCCESSFUL', updatedAt: 1_000 },
        ],
        9_000,
      ),
    });
    const text = await render(storeOf([snapshotOf([pack])]), { series: 'none' });
    expect(text).not.toContain('secret');
    expect(
      linesOf(
        text,
        'error',
        'accounts_by_error',
        'in_progress_oldest_timestamp_seconds',
        'failed_oldest_timestamp_seconds',
        'detail_last_success_timestamp_seconds',
        'account_series_omitted',
        'info',
      ),
    ).toEqual([
      `error{${LABELS},error_code="ResourceInUse"} 1`,
      `accounts_by_error{${LABELS},error_code="unspecified"} 1`,
      `in_progress_oldest_timestamp_seconds{${LABELS}} 2`,
      `failed_oldest_timestamp_seconds{${LABELS}} 3`,
      `detail_last_success_timestamp_seconds{${LABELS}} 9`,
      `account_series_omitted{${LABELS}} 0`,
      `info{${LABELS},arn="arn:aws:config:x"} 1`,
    ]);
    const accounts = linesOf(text, 'accounts');
    expect(accounts).toHaveLength(9);
    expect(accounts.filter((line) => !line.endsWith(' 0'))).toEqual([
      `accounts{${LABELS},status="CREATE_SUCCESSFUL"} 1`,
      `accounts{${LABELS},status="CREATE_FAILED"} 1`,
      `accounts{${LABELS},status="UPDATE_IN_PROGRESS"} 1`,
    ]);
  });

  it('tell whether an expected pack is there, once the scope has been listed', async () => {
    const store = storeOf([snapshotOf([packOf('Base')]), undefined], ['Base', 'Lost']);
    expect(linesOf(await render(store), 'present')).toEqual([
      `present{${LABELS}} 1`,
      `present{source="default",aws_region="eu-west-1",conformance_pack="Lost"} 0`,
    ]);
  });

  it('count an expected pack as present where a filter leaves it out', async () => {
    const store = storeOf([snapshotOf([], { listed: new Set(['Base']) })], ['Base']);
    expect(linesOf(await render(store), 'present', 'status')).toEqual([`present{${LABELS}} 1`]);
  });

  it('withdraw what is too old, and keep when it was read', async () => {
    const pack = packOf('Base', {
      detail: detailOf([{ accountId: id(1), status: 'CREATE_FAILED' }], 1_000),
    });
    const store = storeOf([snapshotOf([pack], { listedAt: 5_000 })], ['Base']);
    const families = [
      'status',
      'accounts',
      'account_status',
      'present',
      'detail_last_success_timestamp_seconds',
    ];
    const at = async (now: number) => {
      const text = await render(store, { maxStalenessMs: 10_000, series: 'active' }, now);
      return new Set(linesOf(text, ...families).map((line) => line.replace(/\{.*/, '')));
    };
    expect(await at(11_000)).toEqual(new Set(families));
    // The detail is too old first, and then the listing.
    expect(await at(11_001)).toEqual(
      new Set(['status', 'present', 'detail_last_success_timestamp_seconds']),
    );
    expect(await at(15_001)).toEqual(new Set(['detail_last_success_timestamp_seconds']));
  });
});
