import { column, drillDown, seriesLabel } from './links.js';
import { page } from './page.js';
import { COLOURS } from './palette.js';
import { bars, series, stat, timeline } from './panels.js';
import {
  accounts,
  FAILED,
  NOT_DELETED,
  ofPacks,
  PACK_KEY,
  SCOPE_KEY,
  SOURCE_KEY,
  SUCCESSFUL,
} from './promql.js';
import { leastOfShards, LISTED, NOT_LISTED, notRead } from './scopes.js';
import { accountSeries, dataAge, OWNER, packColumns } from './shared.js';
import {
  accountsIn,
  allToldIn,
  PACK_STATES,
  STATUS_COLOURS,
  UNKNOWN_CODE,
  verdict,
} from './states.js';
import { matrix, table } from './table.js';

const packsThat = (state: string) =>
  `sum(max by (${PACK_KEY}) (${ofPacks('rollout', `state="${state}"`)}))`;

const total = (name: string) => `sum(max by (${PACK_KEY}) (${ofPacks(name)}))`;

const toPack = drillDown('pack', 'Open the pack', {
  organization: column('organization'),
  source: column('source'),
  aws_region: column('aws_region'),
  conformance_pack: column('conformance_pack'),
});

/** A pack counts once for each source and Region, as AWS has it. */
const ONCE_EACH = 'A pack counts once for each source and Region.';

/** The packs of Regions in which what is not there is not there. */
const ALL_OF_REGIONS = `max by (${PACK_KEY}) (${ofPacks('rollout')}) and on (${SCOPE_KEY}) ${LISTED}`;

export const fleet = page('fleet', {
  description:
    'Which organization conformance packs are not rolled out, where, and since when. Start at the top left: whatever is not 0 there is in the table below, worst first, with a link to the pack.',
  carried: ['account_id'],
  panels: [
    stat({
      title: 'Failed',
      description: `Packs that have failed in at least one account. They come first in the table below: open one for its accounts and their errors. ${ONCE_EACH}`,
      empty: 'No data',
      width: 3,
      queries: [{ expr: packsThat('failed') }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.bad],
      ],
    }),
    stat({
      title: 'Unknown',
      description: `Packs in an unknown state: their accounts could not be read, or not recently, or AWS reports a status that this exporter does not know. The dashboard *Exporter* shows why. ${ONCE_EACH}`,
      empty: 'No data',
      width: 3,
      queries: [{ expr: packsThat('unknown') }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.unsure],
      ],
    }),
    stat({
      title: 'In progress',
      description: `Packs that are being created, updated or deleted in at least one account, and have failed in none. No action needed, unless it lasts. ${ONCE_EACH}`,
      empty: 'No data',
      width: 3,
      queries: [{ expr: packsThat('in_progress') }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.busy],
      ],
    }),
    stat({
      title: 'Packs',
      description: `Packs that AWS lists. ${ONCE_EACH} AWS allows 50 in each Region.`,
      empty: 'No data',
      width: 3,
      queries: [{ expr: `count(max by (${PACK_KEY}) (${ofPacks('rollout')}))` }],
    }),
    stat({
      title: 'Accounts failing',
      description:
        'Accounts in which at least one pack has failed. An account counts once, however many packs have failed there. *Not exposed*: the exporter does not expose all of them individually, so they cannot be counted; see *Account series*.',
      empty: 'Not exposed',
      width: 3,
      queries: [
        {
          expr: `count(count by (account_id) (${accountsIn(FAILED, ofPacks)})) and on () ${allToldIn(FAILED)}
or 0 * ${allToldIn(FAILED)}`,
        },
      ],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.bad],
      ],
    }),
    stat({
      title: 'Share successful',
      description:
        'Share of accounts, over all packs, in which the pack is deployed. Accounts from which a pack has been deleted, and accounts that are missing, do not count.',
      empty: 'No data',
      width: 3,
      unit: 'percentunit',
      queries: [{ expr: `sum(${accounts(SUCCESSFUL)}) / sum(${accounts(NOT_DELETED)})` }],
      steps: [
        [0, COLOURS.unsure],
        [1, COLOURS.good],
      ],
    }),
    stat({
      title: 'Oldest update',
      description:
        'Time since the least recently updated pack was last updated. A pack that has not been updated for a long time may lack later changes of its template.',
      empty: 'No data',
      width: 3,
      unit: 's',
      decimals: 0,
      queries: [
        {
          expr: `time() - min(max by (${PACK_KEY}) (${ofPacks('last_update_timestamp_seconds')}))`,
        },
      ],
    }),
    dataAge(3, 'scopes'),
    stat({
      title: 'Roll-up disagrees',
      description: `Packs whose roll-up status disagrees with the accounts that AWS reports. Trust the accounts: AWS is known to leave a roll-up in progress forever. Updating the pack may fix it. ${ONCE_EACH}`,
      empty: 'No data',
      width: 4,
      queries: [{ expr: total('rollup_mismatch') }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.unsure],
      ],
    }),
    stat({
      title: 'Missing accounts',
      description:
        'Active accounts of the organization that a pack does not exclude, and that AWS does not report for it; an account counts once for each such pack. It is unknown whether the pack is deployed there: update the pack, or exclude the account.',
      empty: 'Not known',
      width: 4,
      queries: [{ expr: total('accounts_missing') }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.absent],
      ],
    }),
    stat({
      title: 'Not in every Region',
      description:
        'Packs that a source has in some of its Regions and not in others, as the matrix below shows. If that is not intended, deploy the pack there too. Regions that could not be read do not count.',
      empty: 'No data',
      width: 4,
      queries: [
        {
          expr: `count(
  count by (${SOURCE_KEY}, conformance_pack) (${ALL_OF_REGIONS})
  < on (${SOURCE_KEY}) group_left () count by (${SOURCE_KEY}) (${LISTED})
)
or 0 * count(${ALL_OF_REGIONS})`,
        },
      ],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.absent],
      ],
    }),
    stat({
      title: 'Expected, not there',
      description:
        'Packs of `--packs.expected` that AWS does not list. Deploy them, or remove them from the list.',
      empty: 'None expected',
      width: 4,
      queries: [{ expr: `sum(1 - max by (${PACK_KEY}) (${ofPacks('present')}))` }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.absent],
      ],
    }),
    stat({
      title: 'Regions not read',
      description:
        'Sources and Regions whose last refresh, in any shard, did not read everything, and those with a shard missing among the selected instances. The last known data stays, and ages; but packs of a missing shard are not on this page. The dashboard *Exporter* shows why.',
      empty: 'No refresh yet',
      width: 4,
      queries: [{ expr: notRead(leastOfShards('refresh_success')) }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.unsure],
      ],
      link: drillDown('exporter', 'Open the exporter', {}),
    }),
    accountSeries(4),
    table({
      title: 'Packs, worst first',
      description:
        'Every pack of every source and Region, the worst verdict first, then the most failed accounts. If *AWS says* differs from the verdict, trust the verdict: it comes from the accounts. A dash: there is no data, or nothing to show. *Accounts read* is how old the counts are.',
      empty: 'No pack has been read',
      width: 24,
      height: 11,
      columns: packColumns([
        { title: 'Pack', label: 'conformance_pack', link: toPack },
        { title: 'Region', label: 'aws_region', width: 130 },
        ...OWNER,
      ]),
      highestFirst: ['Verdict', 'Failed'],
    }),
    matrix({
      title: 'Packs by Region',
      description:
        'The verdict on each pack in each Region, the worst one if several organizations or sources have a pack of this name. *Not seen*: AWS lists the pack in other Regions, but not there. The row *All* shows the worst of the Region, *None* if there is no pack, and *Unknown* if some source or shard could not be read: a pack that is *Not seen* in such a Region may still be there.',
      empty: 'No Region has been read',
      width: 16,
      height: 10,
      rows: { label: 'conformance_pack', title: 'Pack' },
      columnLabel: 'aws_region',
      expr: `${verdict('conformance_pack, aws_region')}
or label_replace(
  max by (aws_region) (
    ${verdict('aws_region')}
    or 0 * ${LISTED}
    or ${UNKNOWN_CODE} + 0 * ${NOT_LISTED}
  ),
  "conformance_pack", "All", "", ""
)`,
      states: [...PACK_STATES, { code: 0, text: 'None', colour: COLOURS.absent }],
      absent: { text: 'Not seen', colour: COLOURS.absent },
      link: drillDown('pack', 'Open the pack', {
        conformance_pack: '${__data.fields[0]}',
        aws_region: '${__field.name}',
      }),
    }),
    bars({
      title: 'Failed accounts by error',
      description: `The ten most frequent errors; an account counts once for each pack that has failed there. What to do about the usual ones:
- **NoAvailableConfigurationRecorder**: enable the recorder in that account and Region, then update the pack; or exclude the account.
- **MaxNumberOfConfigRulesExceeded**: remove unneeded rules, or request a higher quota.
- **ResourceInUse**: wait, an update is still in progress; delete remediations first.
- **InsufficientPermissions**: allow AWSServiceRoleForConfigConforms in the service control policies.
- **…TemplateValidation**: split the template, or fix it.

*(none)* means that no account has failed.`,
      empty: 'No data',
      width: 8,
      height: 10,
      colour: COLOURS.bad,
      query: {
        expr: `sort_desc(
  topk(10, sum by (error_code) (max by (${PACK_KEY}, error_code) (${ofPacks('accounts_by_error')})))
  or label_replace(sum(${accounts(FAILED)}) == 0, "error_code", "(none)", "", "")
)`,
        legend: '{{error_code}}',
      },
    }),
    timeline({
      title: 'Verdicts over time',
      description:
        'A row for each pack: its worst verdict over the selected organizations, sources and Regions. A gap means that there is no data.',
      empty: 'No pack has been read',
      width: 16,
      height: 11,
      query: { expr: verdict('conformance_pack'), legend: '{{conformance_pack}}' },
      states: PACK_STATES,
      link: drillDown('pack', 'Open the pack', {
        conformance_pack: seriesLabel('conformance_pack'),
      }),
    }),
    series({
      title: 'Accounts by status',
      description:
        'Accounts in all packs, by the status that AWS reports; an account counts once for each pack. A template change shows as a wave of updates in progress, which should end in success again.',
      empty: 'No data',
      width: 8,
      height: 11,
      unit: 'short',
      drawn: 'stacked',
      queries: [{ expr: `sum by (status) (${accounts('status!=""')}) > 0`, legend: '{{status}}' }],
      colours: STATUS_COLOURS,
    }),
  ],
});
