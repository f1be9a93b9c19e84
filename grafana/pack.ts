import { column, drillDown } from './links.js';
import { page } from './page.js';
import { COLOURS } from './palette.js';
import { heatmap, series, stat, timeline, type Steps } from './panels.js';
import {
  ACCOUNT_KEY,
  accounts,
  FAILED,
  IN_PROGRESS,
  named,
  ofPacks,
  oneOf,
  PACK_KEY,
  SOURCE_KEY,
  successfulShare,
} from './promql.js';
import { accountSeries, consoleColumn, dataAge, OWNER, packColumns } from './shared.js';
import {
  ACCOUNT_STATES,
  accountsIn,
  outcome,
  PACK_STATES,
  STATUS_COLOURS,
  verdict,
} from './states.js';
import { table, type Column } from './table.js';

const noneIs = (colour: string): Steps => [
  [0, COLOURS.good],
  [1, colour],
];

const NONE_CODE = -1;

/** Time since the oldest update among the accounts with one of these statuses; −1 where none has. */
function longest(name: string, status: string): string {
  return `time() - min(max by (${PACK_KEY}) (${ofPacks(name)}))
or (sum(${accounts(status)}) == 0) + ${NONE_CODE}`;
}

const NONE = { code: NONE_CODE, text: 'None', colour: COLOURS.good };

const toAccount = drillDown('account', 'Open the account', { account_id: column('account_id') });

/** A row for each account that is in one of these statuses, or is missing. */
function accountColumns(rows: string, further: readonly Column[]): readonly Column[] {
  const together = (expression: string) => `${expression} and on (${ACCOUNT_KEY}) ${rows}`;
  return [
    { title: 'Account', label: 'account_name', query: named(ACCOUNT_KEY, rows), link: toAccount },
    { title: 'Account id', label: 'account_id', width: 130, link: toAccount },
    { title: 'Organizational unit', label: 'ou_path' },
    { title: 'Pack', label: 'conformance_pack' },
    { title: 'Region', label: 'aws_region', width: 130 },
    ...OWNER,
    ...further.map((each) =>
      each.query === undefined ? each : { ...each, query: together(each.query) },
    ),
    consoleColumn(rows),
  ];
}

const STATUS: Column = {
  title: 'AWS says',
  label: 'status',
  query: oneOf(ACCOUNT_KEY, 'status', `${ofPacks('account_status')} == 1`),
  width: 180,
};
const ERROR: Column = {
  title: 'Error',
  label: 'error_code',
  query: oneOf(ACCOUNT_KEY, 'error_code', `${ofPacks('account_error')} == 1`),
};
const SINCE: Column = {
  title: 'Since',
  query: `1000 * max by (${ACCOUNT_KEY}) (${ofPacks('account_last_update_timestamp_seconds')})`,
  unit: 'dateTimeFromNow',
  width: 130,
};

/** How many accounts the history shows: those that have been failing for longest. */
const SHOWN = 30;
const FAILING_AT_THE_END = `bottomk(${SHOWN},
    max by (account_id) (${ofPacks('account_last_update_timestamp_seconds')} @ end())
    and on (account_id) (${ofPacks('account_status', FAILED)} @ end() == 1)
  )`;

const HOUR = 3600;
const DAY = 24 * HOUR;
const AGES = [HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY];

/** Counts by age as a histogram has them: each bucket holds those below it too. */
function ageBuckets(): string {
  const age = `time() - max by (${ACCOUNT_KEY}) (${ofPacks('account_last_update_timestamp_seconds')})`;
  const upTo = (le: string, count: string) => `label_replace(${count}, "le", "${le}", "", "")`;
  return [
    ...AGES.map((seconds) => upTo(String(seconds), `sum(${age} <= bool ${seconds})`)),
    upTo('+Inf', `count(${age})`),
  ].join('\nor ');
}

const TOLD = 'It shows the accounts that the exporter exposes individually; see *Account series*.';

export const pack = page('pack', {
  description:
    'One conformance pack in all its Regions: how far its rollout has come, in which accounts it has failed, and why. Select the pack at the top.',
  carried: ['account_id'],
  startWithOne: ['conformance_pack'],
  panels: [
    stat({
      title: 'Verdict',
      description:
        'The worst verdict over the selected organizations, sources and Regions. It comes from the accounts: one failed account makes it a failure, whatever AWS reports for the pack as a whole.',
      empty: 'No data',
      width: 3,
      queries: [{ expr: `max(${verdict(SOURCE_KEY)})` }],
      states: PACK_STATES,
    }),
    stat({
      title: 'Failed in accounts',
      description: 'Accounts in which the pack has failed; an account counts once for each Region.',
      empty: 'No data',
      width: 3,
      queries: [{ expr: `sum(${accounts(FAILED)})` }],
      steps: noneIs(COLOURS.bad),
    }),
    stat({
      title: 'Failing for',
      description:
        'Time since AWS last updated the account that has been failing for longest. AWS stops retrying after seven hours: fix the cause, then update the pack.',
      empty: 'No data',
      width: 3,
      unit: 's',
      decimals: 0,
      queries: [{ expr: longest('failed_oldest_timestamp_seconds', FAILED) }],
      states: [NONE],
      steps: [[0, COLOURS.bad]],
    }),
    stat({
      title: 'In progress for',
      description:
        'Time since AWS last updated the account that has been in progress for longest. A pack cannot be updated meanwhile. After several hours it is stuck: check the pack’s stack in that account.',
      empty: 'No data',
      width: 3,
      unit: 's',
      decimals: 0,
      queries: [{ expr: longest('in_progress_oldest_timestamp_seconds', IN_PROGRESS) }],
      states: [NONE],
      steps: [
        [0, COLOURS.busy],
        [6 * HOUR, COLOURS.unsure],
      ],
    }),
    stat({
      title: 'Missing accounts',
      description:
        'Active accounts of the organization that the pack does not exclude and AWS does not report for it. Update the pack, or exclude them.',
      empty: 'Not known',
      width: 3,
      queries: [{ expr: `sum(max by (${PACK_KEY}) (${ofPacks('accounts_missing')}))` }],
      steps: noneIs(COLOURS.absent),
    }),
    stat({
      title: 'Excused',
      description:
        'Failed accounts that joined the organization less than seven hours ago, where AWS keeps retrying, or that are not active. The alerts leave them out.',
      empty: 'Not known',
      width: 3,
      queries: [
        {
          expr: `sum(max by (${PACK_KEY}, status, reason) (${ofPacks('accounts_excused', FAILED)}))`,
        },
      ],
    }),
    accountSeries(3),
    dataAge(3, 'packs'),
    table({
      title: 'By Region',
      description:
        'The pack in each source and Region, the worst verdict first. *AWS says* is the status of the pack as a whole; if it disagrees with the verdict, trust the verdict. *Error of the pack* is the error of the pack as a whole, which may be empty even if accounts have failed.',
      empty: 'The pack has not been read in any Region',
      width: 24,
      height: 7,
      columns: packColumns([
        { title: 'Region', label: 'aws_region' },
        ...OWNER,
        { title: 'Pack', label: 'conformance_pack' },
      ]),
      highestFirst: ['Verdict', 'Failed'],
    }),
    table({
      title: 'Failing accounts',
      description: `The accounts in which the pack has failed, with the error that AWS reports and the time of its last update there. The exporter’s log has the message; once the cause is fixed, \`conformance-pack-exporter account\` asks AWS for the current status. ${TOLD}`,
      empty: 'No failing account is exposed individually',
      width: 24,
      height: 11,
      columns: accountColumns(accountsIn(FAILED, ofPacks), [STATUS, ERROR, SINCE]),
    }),
    series({
      title: 'Rollout',
      description:
        'The share of accounts in which the pack is deployed, by Region. Accounts from which it has been deleted, and accounts that are missing, do not count.',
      empty: 'No data',
      width: 8,
      height: 9,
      unit: 'percentunit',
      range: [0, 1],
      queries: [{ expr: successfulShare('aws_region'), legend: '{{aws_region}}' }],
    }),
    series({
      title: 'Accounts by status',
      description:
        'Accounts by the status that AWS reports; an account counts once for each Region.',
      empty: 'No data',
      width: 8,
      height: 9,
      unit: 'short',
      drawn: 'stacked',
      queries: [{ expr: `sum by (status) (${accounts('status!=""')}) > 0`, legend: '{{status}}' }],
      colours: STATUS_COLOURS,
    }),
    timeline({
      title: 'Verdict over time',
      description: 'A row for each Region. A gap means that there is no data.',
      empty: 'The pack has not been read in any Region',
      width: 8,
      height: 9,
      query: { expr: verdict('aws_region'), legend: '{{aws_region}}' },
      states: PACK_STATES,
    }),
  ],
  rows: {
    'History of the accounts': [
      timeline({
        title: 'History of failing accounts',
        description: `The accounts that are failing at the end of the time range, each with the status of the pack there, the worst over the Regions. At most ${SHOWN}, those that have been failing for longest. ${TOLD}`,
        empty: 'No failing account is exposed individually',
        width: 24,
        height: 12,
        query: {
          expr: named(
            'account_id',
            `${outcome('account_id', ofPacks)} and on (account_id) ${FAILING_AT_THE_END}`,
          ),
          legend: '{{account_name}} {{account_id}}',
        },
        states: ACCOUNT_STATES,
        link: drillDown('account', 'Open the account', {
          account_id: '${__field.labels.account_id}',
        }),
      }),
      series({
        title: 'Transitions',
        description:
          'Accounts that changed to a status, as seen between refreshes and estimated from the increase of counters. If the same status recurs without an update of yours, the pack is flapping.',
        empty: 'No data',
        width: 12,
        height: 9,
        unit: 'short',
        drawn: 'stacked bars',
        minStep: '5m',
        queries: [
          {
            expr: `sum by (status) (
  max by (${PACK_KEY}, status) (increase(${ofPacks('account_status_transitions_total')}[$__rate_interval]))
)`,
            legend: '{{status}}',
          },
        ],
        colours: STATUS_COLOURS,
      }),
      heatmap({
        title: 'Ages of the updates',
        description: `Number of accounts by the time since AWS last updated them. After an update of the pack all should move to the bottom; those that stay at the top were left out. ${TOLD}`,
        empty: 'No account is exposed individually',
        width: 12,
        height: 9,
        unit: 's',
        minStep: '5m',
        expr: ageBuckets(),
      }),
    ],
    'Not finished, and not there': [
      table({
        title: 'Accounts in progress',
        description: `The accounts in which AWS is creating, updating or deleting the pack. ${TOLD}`,
        empty: 'No account in progress is exposed individually',
        width: 24,
        height: 9,
        columns: accountColumns(accountsIn(IN_PROGRESS, ofPacks), [STATUS, SINCE]),
      }),
      table({
        title: 'Accounts that are missing',
        description: `Active accounts of the organization that the pack does not exclude and AWS does not report for it. ${TOLD}`,
        empty: 'No missing account is exposed individually',
        width: 24,
        height: 9,
        columns: accountColumns(`max by (${ACCOUNT_KEY}) (${ofPacks('account_missing')})`, []),
      }),
    ],
  },
});
