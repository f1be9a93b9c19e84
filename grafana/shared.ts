import { CONSOLE_LINK, withConsole } from './links.js';
import { COLOURS } from './palette.js';
import { stat } from './panels.js';
import {
  accounts,
  FAILED,
  IN_PROGRESS,
  oneOf,
  ofExporter,
  ofPacks,
  ofScopes,
  PACK_KEY,
  SCOPE_KEY,
  SUCCESSFUL,
} from './promql.js';
import { SCOPES_READ } from './scopes.js';
import { PACK_STATES, verdict, type State } from './states.js';
import type { Column } from './table.js';

/** When the accounts of each pack were last read completely; 0 before the first time. */
const PACKS_READ = `(
  max by (${PACK_KEY}) (${ofPacks('detail_last_success_timestamp_seconds')})
  or 0 * max by (${PACK_KEY}) (${ofPacks('rollout')})
)`;

const INTERVAL = ofScopes('refresh_interval_seconds');
const DURATION = `(${ofScopes('refresh_duration_seconds')} or 0 * ${INTERVAL})`;

/**
 * How old data may be, in seconds, by source and Region. What the command `once` writes to a file has
 * no interval; it is granted three hours.
 */
function tolerance(seconds: string): string {
  return `(
  max by (${SCOPE_KEY}) (
    ${seconds}
  )
  or 3 * 3600 + 0 * ${SCOPES_READ}
)`;
}

/** Longer than any exporter has run: the age of what has never been read, whose time is 0. */
const NEVER: State = { code: 1e9, text: 'Never read', colour: COLOURS.bad };

const DATA = {
  scopes: {
    read: SCOPES_READ,
    what: 'every source and Region',
    further: ' With several shards, the one furthest behind counts.',
    // As the alert on stale data has it: in a large organization a refresh takes longer than an interval.
    tolerance: tolerance(`3 * ${INTERVAL} + ${DURATION}`),
    limit: 'three refresh intervals and the time that a refresh takes',
  },
  packs: {
    read: PACKS_READ,
    what: 'the accounts of every pack',
    further: '',
    // A refresh may leave packs alone that are complete; a round of sweeps leaves none. A pack that one
    // refresh has read first is shown until the next has ended.
    tolerance: tolerance(
      `${ofScopes('sweep_interval_seconds')} + 2 * ${INTERVAL} + 2 * ${DURATION}`,
    ),
    limit:
      'a sweep interval (`--refresh.interval` times `--refresh.sweep-every`), two refresh intervals and the time that two refreshes take',
  },
} as const;

/** The age of the oldest data on the page: whoever reads it knows how far to trust the rest. */
export function dataAge(width: number, of: keyof typeof DATA) {
  const { further, limit, read, tolerance, what } = DATA[of];
  const age = `(time() - ${read})`;
  const stale = `max(${age} > on (${SCOPE_KEY}) group_left () ${tolerance})`;
  return stat({
    title: 'Data age',
    description: `Time since ${what} on this page was last read completely; the oldest counts.${further} More than ${limit} is stale: the page then shows past data, and the dashboard *Exporter* shows why.`,
    empty: 'No data',
    width,
    unit: 's',
    decimals: 0,
    withLegend: true,
    queries: [
      { expr: `max(${age}) unless ${stale}`, legend: 'Fresh' },
      { expr: stale, legend: 'Stale' },
    ],
    colours: { Fresh: COLOURS.good, Stale: COLOURS.bad },
    over: NEVER,
  });
}

const SERIES_MODES: readonly State[] = [
  { code: 4, text: 'All, each status', colour: COLOURS.good },
  { code: 3, text: 'All, current status', colour: COLOURS.good },
  { code: 2, text: 'Unsuccessful only', colour: COLOURS.unsure },
  { code: 1, text: 'None', colour: COLOURS.bad },
  { code: 0, text: 'Cut by the limit', colour: COLOURS.bad },
];

/** Which accounts have series of their own, and so can be shown one by one. */
export function accountSeries(width: number) {
  const modes = ['full', 'active', 'failed', 'none'].map(
    (mode, index) => `${4 - index} * (${ofExporter('account_series_mode', `mode="${mode}"`)} == 1)`,
  );
  const cut = `0 * (${ofPacks('account_series_omitted')} > 0)`;
  return stat({
    title: 'Account series',
    description:
      'Which accounts the exporter exposes individually; panels that name accounts show no others. *Unsuccessful only*: an account that is not shown is successful, excluded or not in the pack. *None*: panels that name accounts stay empty, and there are only counts per pack. Set by the flag `--accounts.series`; by default the most that fits `--samples.limit`. *Cut by the limit*: not even that fits, so accounts are left out, successful ones first. If exporters differ, this is the least.',
    empty: 'No data',
    width,
    queries: [{ expr: `min(${[...modes, cut].join('\n  or ')})` }],
    states: SERIES_MODES,
  });
}

/** What there is to know of each pack, as columns of a table with a row for each. */
export function packColumns(first: readonly Column[]): readonly Column[] {
  const total = (status: string) => `sum by (${PACK_KEY}) (${accounts(status)})`;
  const milliseconds = (name: string) => `1000 * max by (${PACK_KEY}) (${ofPacks(name)})`;
  const count = { unit: 'none', width: 95 };
  return [
    ...first,
    { title: 'Verdict', query: verdict(PACK_KEY), states: PACK_STATES, width: 140 },
    {
      title: 'AWS says',
      label: 'status',
      query: oneOf(PACK_KEY, 'status', `${ofPacks('status')} == 1`),
      width: 180,
    },
    { title: 'Failed', query: total(FAILED), ...count },
    { title: 'In progress', query: total(IN_PROGRESS), ...count },
    { title: 'Successful', query: total(SUCCESSFUL), ...count },
    { title: 'Missing', query: `max by (${PACK_KEY}) (${ofPacks('accounts_missing')})`, ...count },
    {
      title: 'Error of the pack',
      label: 'error_code',
      query: oneOf(PACK_KEY, 'error_code', `${ofPacks('error')} == 1`),
    },
    {
      title: 'Updated',
      query: milliseconds('last_update_timestamp_seconds'),
      unit: 'dateTimeFromNow',
      width: 130,
    },
    {
      title: 'Accounts read',
      query: milliseconds('detail_last_success_timestamp_seconds'),
      unit: 'dateTimeFromNow',
      width: 130,
    },
    consoleColumn(`max by (${PACK_KEY}) (${ofPacks('rollout')})`),
  ];
}

/**
 * Columns that tell whose a pack or an account is. Without targets that say of which organization
 * they tell the first of them is not there.
 */
export const OWNER: readonly Column[] = [
  { title: 'Organization', label: 'organization', width: 120 },
  { title: 'Source', label: 'source', width: 120 },
];

/** A column with a link to the AWS console, for tables that have a column of Regions. */
export function consoleColumn(rows: string): Column {
  return {
    title: 'AWS',
    label: 'console',
    query: withConsole(rows),
    text: 'Console',
    link: CONSOLE_LINK,
    width: 80,
  };
}
