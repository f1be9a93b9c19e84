import { column, drillDown } from './links.js';
import { page } from './page.js';
import { COLOURS, NEUTRAL } from './palette.js';
import { stat, timeline } from './panels.js';
import {
  ACCOUNT_KEY,
  accounts,
  FAILED,
  IN_PROGRESS,
  inModes,
  ofAccounts,
  ofOrganization,
  ofPacks,
  oneOf,
  PACK_KEY,
  SUCCESSFUL,
} from './promql.js';
import { accountSeries, consoleColumn, dataAge, OWNER } from './shared.js';
import { ACCOUNT_STATES, accountsIn, allTold, allToldIn, outcome } from './states.js';
import { matrix, table } from './table.js';

const THIS = 'account_id=~"$account_id"';

/** Packs here in one of these statuses: 0 where all accounts in these are told, and this is none. */
function packsIn(status: string): string {
  return `count(${accountsIn(status, ofAccounts)})
or 0 * ${allToldIn(status)}`;
}

const MISSING_HERE = `max by (${PACK_KEY}) (${ofAccounts('account_missing')})`;

const ALL_MISSING_TOLD = allTold(
  `sum(max by (${PACK_KEY}) (${ofPacks('accounts_missing')}))`,
  `max by (${ACCOUNT_KEY}) (${ofPacks('account_missing')})`,
);

/** 0 for packs of which all accounts were read and are told, and this is none. */
const NOT_HERE = inModes(
  `max by (${PACK_KEY}) (${ofPacks('account_series_omitted')}) == 0
  unless on (${PACK_KEY}) (${ofAccounts('account_status')} == 1)`,
  'full',
  'active',
);

const toPack = drillDown('pack', 'Open the pack', {
  organization: column('organization'),
  source: column('source'),
  aws_region: column('aws_region'),
  conformance_pack: column('conformance_pack'),
});

const TOLD =
  'If only unsuccessful accounts are exposed, a pack that is not shown is successful here, or not here at all; if the limit cuts accounts, its status is unknown.';

export const account = page('account', {
  description:
    'One account: the status of each conformance pack there, and which packs it should have but does not. Select the account at the top, by its name or its ID.',
  carried: [],
  panels: [
    table({
      title: 'Account',
      description:
        'Name, organizational unit and state of the account, as AWS Organizations reports them. Packs cannot be deployed to an account that is not ACTIVE: exclude it.',
      empty: 'The accounts of the organization have not been read',
      width: 9,
      height: 4,
      columns: [
        {
          title: 'Name',
          label: 'account_name',
          query: `topk by (account_id) (1,
  max by (account_id, account_name, ou_path, account_state) (${ofOrganization('account_info', THIS)})
)`,
        },
        { title: 'Id', label: 'account_id', width: 130 },
        { title: 'Organizational unit', label: 'ou_path' },
        { title: 'State', label: 'account_state', width: 100 },
      ],
    }),
    stat({
      title: 'Failed here',
      description: `Packs that have failed in this account; a pack counts once for each Region. ${TOLD}`,
      empty: 'Not exposed',
      width: 3,
      queries: [{ expr: packsIn(FAILED) }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.bad],
      ],
    }),
    stat({
      title: 'In progress here',
      description: `Packs that AWS is creating, updating or deleting in this account; a pack counts once for each Region. ${TOLD}`,
      empty: 'Not exposed',
      width: 3,
      queries: [{ expr: packsIn(IN_PROGRESS) }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.busy],
      ],
    }),
    stat({
      title: 'Missing here',
      description:
        'Packs that do not exclude this account, but for which AWS does not report it although it is active. Update these packs, or exclude the account.',
      empty: 'Not exposed',
      width: 3,
      queries: [
        {
          expr: `count(${MISSING_HERE})
or 0 * ${ALL_MISSING_TOLD}`,
        },
      ],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.absent],
      ],
    }),
    accountSeries(3),
    dataAge(3, 'packs'),
    table({
      title: 'Packs here',
      description: `Every pack that AWS reports for this account, and every one that is missing, the worst first. After fixing the cause of a failure, update the pack; \`conformance-pack-exporter account\` asks AWS for the current status at once. ${TOLD}`,
      empty: 'Nothing is exposed about this account',
      width: 24,
      height: 10,
      columns: [
        { title: 'Pack', label: 'conformance_pack', link: toPack },
        { title: 'Region', label: 'aws_region', width: 130 },
        ...OWNER,
        {
          title: 'Here',
          query: outcome(PACK_KEY, ofAccounts),
          states: ACCOUNT_STATES,
          width: 140,
        },
        {
          title: 'AWS says',
          label: 'status',
          query: oneOf(PACK_KEY, 'status', `${ofAccounts('account_status')} == 1`),
          width: 180,
        },
        {
          title: 'Error',
          label: 'error_code',
          query: oneOf(PACK_KEY, 'error_code', `${ofAccounts('account_error')} == 1`),
        },
        {
          title: 'Since',
          query: `1000 * max by (${PACK_KEY}) (${ofAccounts('account_last_update_timestamp_seconds')})`,
          unit: 'dateTimeFromNow',
          width: 130,
        },
        consoleColumn(outcome(PACK_KEY, ofAccounts)),
      ],
      highestFirst: ['Here'],
    }),
    matrix({
      title: 'Packs here by Region',
      description: `The status of each pack here, in each Region that has it, the worst one if several organizations or sources have a pack of this name. *Not here*: AWS reports other accounts for the pack, but not this one. A dash: there is no such pack in the Region, or nothing is exposed. ${TOLD}`,
      empty: 'Nothing is exposed about this account',
      width: 12,
      height: 10,
      rows: { label: 'conformance_pack', title: 'Pack' },
      columnLabel: 'aws_region',
      expr: `${outcome('conformance_pack, aws_region', ofAccounts)}
or max by (conformance_pack, aws_region) (${NOT_HERE})`,
      states: [...ACCOUNT_STATES, { code: 0, text: 'Not here', colour: COLOURS.gone }],
      absent: { text: '–', colour: NEUTRAL },
      link: drillDown('pack', 'Open the pack', {
        conformance_pack: '${__data.fields[0]}',
        aws_region: '${__field.name}',
      }),
    }),
    table({
      title: 'Not here, though elsewhere',
      description:
        'Packs that AWS reports for other accounts, but not for this one. *Expected*: the pack does not exclude the account, so it is missing. Otherwise the pack excludes it, or it is not active, or the accounts of the organization have not been read.',
      empty: 'None is exposed',
      width: 12,
      height: 10,
      columns: [
        { title: 'Pack', label: 'conformance_pack', link: toPack },
        { title: 'Region', label: 'aws_region', width: 130 },
        ...OWNER,
        {
          title: 'Here',
          query: `6 * ${MISSING_HERE}\nor ${NOT_HERE}`,
          states: [
            { code: 6, text: 'Expected', colour: COLOURS.absent },
            { code: 0, text: 'Not expected', colour: COLOURS.gone },
          ],
          width: 130,
        },
        {
          title: 'Successful elsewhere',
          query: `sum by (${PACK_KEY}) (${accounts(SUCCESSFUL)})
and on (${PACK_KEY}) (${MISSING_HERE} or ${NOT_HERE})`,
          unit: 'none',
          width: 170,
        },
      ],
      highestFirst: ['Here'],
    }),
    timeline({
      title: 'History',
      description: `A row for each pack and Region. A gap means that nothing is exposed. ${TOLD}`,
      empty: 'Nothing is exposed about this account',
      width: 24,
      height: 11,
      query: {
        expr: outcome('conformance_pack, aws_region', ofAccounts),
        legend: '{{conformance_pack}} {{aws_region}}',
      },
      states: ACCOUNT_STATES,
    }),
  ],
});
