import type { AccountSummary } from '../conformance/account-summary.js';
import { ERROR_CODES } from '../conformance/error-code.js';
import { isKnownStatus, STATUSES } from '../conformance/status.js';
import {
  columnWriter,
  idWriter,
  secondsWriter,
  type LineParts,
  type RowWriter,
} from './account-lines.js';
import type { SeriesDetail, SeriesMode } from './account-series.js';
import { PREFIX } from './pack-families.js';
import type { PackView, ShownPack } from './pack-view.js';
import { BACKGROUND, labelText, LIVE, type FamilyHead } from './text.js';

/**
 * A family about the accounts of a pack. Sparse: it covers the accounts that the account-series mode
 * shows and the limit leaves. To add one, add a row.
 */
export interface AccountFamily extends FamilyHead {
  /** Labels beyond those of every pack. */
  readonly labels: readonly ['account_id', ...string[]];
  /** Which accounts it is about: those that AWS reports for the pack, or those that are missing. */
  readonly accounts: 'reported' | 'missing';
  /** `undefined` where there are no samples. `now` in milliseconds since the epoch. */
  readonly writer: (pack: PackView, detail: SeriesDetail, now: number) => RowWriter | undefined;
}

export const ACCOUNT_FAMILIES: readonly AccountFamily[] = [
  {
    name: `${PREFIX}_account_status`,
    type: 'gauge',
    help: `Status that AWS reports for a member account of the pack: 1 for the current status; the others are 0, and exposed only in the account-series mode full. ${BACKGROUND}`,
    labels: ['account_id', 'status'],
    accounts: 'reported',
    writer({ detail, labels }, { mode }) {
      if (detail === undefined) return undefined;
      const { accounts } = detail;
      const lines = accounts.statuses.map((current) =>
        toldStatuses(current, mode).map((status) =>
          line(
            this.name,
            labels,
            `,${labelText(['status'], [status])}} ${status === current ? 1 : 0}\n`,
          ),
        ),
      );
      return columnWriter(accounts, accounts.status, lines);
    },
  },
  {
    name: `${PREFIX}_account_last_update_timestamp_seconds`,
    type: 'gauge',
    help: `When AWS last updated the pack in the member account, in seconds since the epoch. ${BACKGROUND}`,
    labels: ['account_id'],
    accounts: 'reported',
    writer({ detail, labels }) {
      return (
        detail &&
        secondsWriter(detail.accounts, line(this.name, labels, '} '), (updatedAt) => updatedAt)
      );
    },
  },
  {
    name: `${PREFIX}_account_last_update_age_seconds`,
    type: 'gauge',
    live: true,
    help: `Time since AWS last updated the pack in the member account; exposed according to --accounts.age. ${LIVE}`,
    labels: ['account_id'],
    accounts: 'reported',
    writer({ detail, labels }, { ages }, now) {
      if (detail === undefined || !ages) return undefined;
      return secondsWriter(detail.accounts, line(this.name, labels, '} '), (updatedAt) =>
        Math.max(0, now - updatedAt),
      );
    },
  },
  {
    name: `${PREFIX}_account_error`,
    type: 'gauge',
    help: `1 if AWS reports an error for the member account. ${BACKGROUND}`,
    labels: ['account_id', 'error_code'],
    accounts: 'reported',
    writer({ detail, labels }) {
      if (detail === undefined || !hasErrors(detail.summary)) return undefined;
      const lines = ERROR_CODES.map((code) => [
        line(this.name, labels, `,${labelText(['error_code'], [code])}} 1\n`),
      ]);
      return columnWriter(detail.accounts, detail.accounts.errorCode, [[], ...lines]);
    },
  },
  {
    name: `${PREFIX}_account_missing`,
    type: 'gauge',
    help: `1 for an active account of the organization that the pack does not exclude and AWS does not report. ${BACKGROUND}`,
    labels: ['account_id'],
    accounts: 'missing',
    writer({ coverage, labels }) {
      return coverage && idWriter(coverage.missing, line(this.name, labels, '} 1\n'));
    },
  },
];

/** The rows that a family tells of a pack. */
export function rowsOf({ accounts }: AccountFamily, pack: ShownPack): Uint32Array {
  return accounts === 'reported' ? pack.rows : pack.missing;
}

/** The statuses that are told of an account whose current status is `current`. */
function toldStatuses(current: string, mode: SeriesMode): readonly string[] {
  if (mode !== 'full') return [current];
  return isKnownStatus(current) ? STATUSES : [...STATUSES, current];
}

function hasErrors({ byOutcome }: AccountSummary): boolean {
  return Object.values(byOutcome).some(({ erroneous }) => erroneous > 0);
}

/** A sample of one account: `labels` are those of the pack, `end` is what follows the account id. */
function line(name: string, labels: string, end: string): LineParts {
  return { before: `${name}{${labels},account_id="`, after: `"${end}` };
}
