import { EXCUSES } from '../conformance/coverage.js';
import { ROLLOUTS } from '../conformance/rollout.js';
import { isKnownStatus, STATUSES } from '../conformance/status.js';
import type { ShownPack } from './pack-view.js';
import { BACKGROUND, LIVE, type FamilyHead } from './text.js';

/** Prefix of the families about packs and their accounts. */
export const PREFIX = 'aws_config_org_conformance_pack';

/** The values of the family's own labels, in their order, and the sample's value. */
export type Sample = readonly [labels: readonly string[], value: number];

/**
 * A family about packs. Dense: whole in every account-series mode and never cut, so that alerts can
 * stand on it. To add one, add a row.
 */
export interface PackFamily extends FamilyHead {
  /** Labels beyond those of every pack. */
  readonly labels: readonly string[];
  /** `now` in milliseconds since the epoch. */
  readonly samples: (pack: ShownPack, now: number) => Iterable<Sample>;
}

export const PACK_FAMILIES: readonly PackFamily[] = [
  {
    name: `${PREFIX}_status`,
    type: 'gauge',
    help: `Roll-up status that AWS reports for the pack: 1 for the current status, 0 for the others. ${BACKGROUND}`,
    labels: ['status'],
    *samples({ rollUp }) {
      if (rollUp === undefined) return;
      for (const status of STATUSES) yield [[status], status === rollUp.status ? 1 : 0];
      if (!isKnownStatus(rollUp.status)) yield [[rollUp.status], 1];
    },
  },
  {
    name: `${PREFIX}_rollout`,
    type: 'gauge',
    help: `Verdict on the pack, derived from its member accounts: 1 for the current state, 0 for the others; unknown where the accounts have not been read, or not recently. ${BACKGROUND}`,
    labels: ['state'],
    *samples({ rollout }) {
      if (rollout === undefined) return;
      for (const state of ROLLOUTS) yield [[state], state === rollout ? 1 : 0];
    },
  },
  {
    name: `${PREFIX}_rollup_mismatch`,
    type: 'gauge',
    help: `1 if the roll-up status from AWS disagrees with the accounts read in the same refresh; absent if either is unknown. ${BACKGROUND}`,
    labels: [],
    samples: ({ detail }) =>
      detail?.mismatch === undefined ? [] : [[[], detail.mismatch ? 1 : 0]],
  },
  {
    name: `${PREFIX}_last_update_timestamp_seconds`,
    type: 'gauge',
    help: `When AWS last updated the pack, in seconds since the epoch. ${BACKGROUND}`,
    labels: [],
    samples: ({ rollUp }) => seconds(rollUp?.updatedAt),
  },
  {
    name: `${PREFIX}_last_update_age_seconds`,
    type: 'gauge',
    live: true,
    help: `Time since AWS last updated the pack. ${LIVE}`,
    labels: [],
    samples: ({ rollUp }, now) =>
      seconds(rollUp?.updatedAt === undefined ? undefined : Math.max(0, now - rollUp.updatedAt)),
  },
  {
    name: `${PREFIX}_error`,
    type: 'gauge',
    help: `1 if the roll-up status carries an error. ${BACKGROUND}`,
    labels: ['error_code'],
    samples: ({ rollUp }) => (rollUp?.errorCode === undefined ? [] : [[[rollUp.errorCode], 1]]),
  },
  {
    name: `${PREFIX}_accounts`,
    type: 'gauge',
    help: `Member accounts that AWS reports for the pack, by status; absent until they have been read. ${BACKGROUND}`,
    labels: ['status'],
    *samples({ detail }) {
      for (const [status, accounts] of detail?.summary.byStatus ?? []) yield [[status], accounts];
    },
  },
  {
    name: `${PREFIX}_accounts_by_error`,
    type: 'gauge',
    help: `Failed member accounts of the pack, by error code. ${BACKGROUND}`,
    labels: ['error_code'],
    *samples({ detail }) {
      for (const [code, accounts] of detail?.summary.failedByCode ?? []) yield [[code], accounts];
    },
  },
  {
    name: `${PREFIX}_accounts_excused`,
    type: 'gauge',
    help: `Unsuccessful member accounts that are not active or joined less than 7 hours ago; absent unless the accounts of the organization are known. ${BACKGROUND}`,
    labels: ['status', 'reason'],
    *samples({ coverage }) {
      for (const [status, counts] of coverage?.excused ?? []) {
        for (const reason of EXCUSES) yield [[status, reason], counts[reason]];
      }
    },
  },
  {
    name: `${PREFIX}_accounts_missing`,
    type: 'gauge',
    help: `Active accounts of the organization that the pack does not exclude and AWS does not report; absent unless the accounts of the organization are known. ${BACKGROUND}`,
    labels: [],
    samples: ({ coverage }) => (coverage === undefined ? [] : [[[], coverage.missing.length]]),
  },
  {
    name: `${PREFIX}_accounts_excluded`,
    type: 'gauge',
    help: `Accounts that the pack excludes; absent unless the accounts of the organization are known. ${BACKGROUND}`,
    labels: [],
    samples: ({ coverage }) => (coverage === undefined ? [] : [[[], coverage.excluded]]),
  },
  {
    name: `${PREFIX}_in_progress_oldest_timestamp_seconds`,
    type: 'gauge',
    help: `Oldest update among the accounts in progress, in seconds since the epoch; absent if none is in progress. ${BACKGROUND}`,
    labels: [],
    samples: ({ detail }) => seconds(detail?.summary.byOutcome.in_progress.oldest),
  },
  {
    name: `${PREFIX}_failed_oldest_timestamp_seconds`,
    type: 'gauge',
    help: `Oldest update among the failed accounts, in seconds since the epoch; absent if none failed. ${BACKGROUND}`,
    labels: [],
    samples: ({ detail }) => seconds(detail?.summary.byOutcome.failed.oldest),
  },
  {
    name: `${PREFIX}_account_status_transitions_total`,
    type: 'counter',
    help: 'Transitions of member accounts to a status, as seen between refreshes; an account that appears or disappears does not count.',
    labels: ['status'],
    *samples({ transitions }) {
      for (const [status, count] of transitions ?? []) yield [[status], count];
    },
  },
  {
    name: `${PREFIX}_detail_last_success_timestamp_seconds`,
    type: 'gauge',
    help: "When the pack's accounts were last read completely, in seconds since the epoch.",
    labels: [],
    samples: ({ detailReadAt }) => seconds(detailReadAt),
  },
  {
    name: `${PREFIX}_account_series_omitted`,
    type: 'gauge',
    help: 'Account samples of the pack omitted from this exposition because of --samples.limit; 0 if none.',
    labels: [],
    samples: ({ detail, omitted }) => (detail === undefined ? [] : [[[], omitted]]),
  },
  {
    name: `${PREFIX}_present`,
    type: 'gauge',
    help: `1 if a pack of --packs.expected is deployed, 0 if it is not. ${BACKGROUND}`,
    labels: [],
    samples: ({ present }) => (present === undefined ? [] : [[[], present]]),
  },
  {
    name: `${PREFIX}_info`,
    type: 'gauge',
    help: `Always 1; the labels describe the pack. ${BACKGROUND}`,
    labels: ['arn'],
    samples: ({ description }) => (description === undefined ? [] : [[[description.arn], 1]]),
  },
];

/** A sample of a time or duration in milliseconds, where there is one. */
function seconds(ms: number | undefined): Iterable<Sample> {
  return ms === undefined ? [] : [[[], ms / 1000]];
}
