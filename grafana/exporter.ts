import { OPERATIONS } from '../src/aws/port.js';
import { REASONS } from '../src/aws/errors.js';
import { page } from './page.js';
import { COLOURS } from './palette.js';
import { heatmap, series, stat } from './panels.js';
import {
  INSTANCE_KEY,
  ofExporter,
  ofPacks,
  ofTargets,
  ofItself,
  ofScopes,
  ofSources,
  oneOf,
  PACK_KEY,
  SCOPE_KEY,
  SOURCE_KEY,
} from './promql.js';
import { notRead, SCOPES_READ } from './scopes.js';
import { accountSeries, dataAge, OWNER } from './shared.js';
import { table } from './table.js';

/** Of each exporter by itself: replicas read AWS each for itself, so that nothing is counted twice. */
const EACH_KEY = `${SCOPE_KEY}, instance`;

const perSecond = (key: string, counter: string) =>
  `sum by (${key}) (rate(${counter}[$__rate_interval]))`;

const SWITCHED_OFF = 'No data, or --web.disable-exporter-metrics';

export const exporter = page('exporter', {
  description:
    'Whether the exporter is healthy, and whether the data on the other dashboards can be trusted: what it reads, how long that takes, and what fails.',
  carried: ['conformance_pack', 'account_id'],
  panels: [
    stat({
      title: 'Up',
      description:
        'Whether the last scrape of the exporter succeeded. If it is down, check the log of the exporter and the targets page of Prometheus.',
      empty: 'Not scraped',
      width: 4,
      queries: [
        {
          expr: `min by (${INSTANCE_KEY}) (${ofItself(ofTargets('up'))})`,
          legend: '{{instance}} {{organization}}',
        },
      ],
      states: [
        { code: 0, text: 'Down', colour: COLOURS.bad },
        { code: 1, text: 'Up', colour: COLOURS.good },
      ],
    }),
    stat({
      title: 'Regions not read',
      description:
        'Sources and Regions whose last refresh, by any exporter, did not read everything, and those with a shard missing among the selected instances. The table below shows which, *Failed refreshes* shows why, and `conformance-pack-exporter doctor` says what to do.',
      empty: 'No refresh yet',
      width: 4,
      queries: [{ expr: notRead(`min by (${SCOPE_KEY}) (${ofScopes('refresh_success')})`) }],
      steps: [
        [0, COLOURS.good],
        [1, COLOURS.unsure],
      ],
    }),
    dataAge(4, 'scopes'),
    accountSeries(3),
    stat({
      title: 'Share of sample limit',
      description:
        'Samples about packs and accounts that the exporter exposes, as a share of `--samples.limit`. Close to 100 %, accounts will soon be exposed with less detail; the limit can be raised, at about 4.5 KB of Prometheus’ memory per sample.',
      empty: 'No limit',
      width: 3,
      unit: 'percentunit',
      queries: [{ expr: `max(${ofExporter('samples')} / (${ofExporter('samples_limit')} > 0))` }],
      steps: [
        [0, COLOURS.good],
        [0.9, COLOURS.unsure],
      ],
    }),
    stat({
      title: 'Configuration',
      description:
        'Whether the last configuration reload was successful. If it was refused, the previous configuration is still in effect, and the log has the reason.',
      empty: 'No data',
      width: 3,
      queries: [{ expr: `min(${ofExporter('config_last_reload_successful')})` }],
      states: [
        { code: 0, text: 'Refused', colour: COLOURS.bad },
        { code: 1, text: 'In effect', colour: COLOURS.good },
      ],
    }),
    stat({
      title: 'Version',
      description: 'The version of each exporter; several during an upgrade.',
      empty: 'No exporter',
      width: 3,
      queries: [
        { expr: `count by (version) (${ofExporter('build_info')})`, legend: '{{version}}' },
      ],
      legendOnly: true,
    }),
    table({
      title: 'Sources and Regions',
      description:
        'The result of the last refresh of each source and Region, and the account that AWS was called as: AWS shows each account only the packs that it deployed itself. *Read* is when everything was last read; data older than three times *Every* plus *Took* is stale. *Packs at rest* is how often the accounts of packs that are complete or deleted are read. *Limit* is the current rate limit in requests per second: the configured limit, or less after throttling. *Progress* is that of the current refresh.',
      empty: 'No exporter',
      width: 24,
      height: 8,
      columns: [
        ...OWNER,
        { title: 'Region', label: 'aws_region' },
        { title: 'Instance', label: 'instance' },
        {
          title: 'As account',
          label: 'owner_account_id',
          query: `max by (${EACH_KEY}) (${ofScopes('refresh_last_success_timestamp_seconds')})
  * on (${SOURCE_KEY}, instance) group_left (owner_account_id)
  ${oneOf(`${SOURCE_KEY}, instance`, 'owner_account_id', ofSources('source_info'))}`,
          width: 130,
        },
        {
          title: 'Last refresh',
          query: `max by (${EACH_KEY}) (${ofScopes('refresh_success')})`,
          states: [
            { code: 0, text: 'Not all read', colour: COLOURS.unsure },
            { code: 1, text: 'All read', colour: COLOURS.good },
          ],
          width: 130,
        },
        {
          title: 'Read',
          query: `1000 * max by (${EACH_KEY}) (${ofScopes('refresh_last_success_timestamp_seconds')} > 0)`,
          unit: 'dateTimeFromNow',
          width: 150,
        },
        {
          title: 'Every',
          query: `max by (${EACH_KEY}) (${ofScopes('refresh_interval_seconds')})`,
          unit: 's',
          width: 100,
        },
        {
          title: 'Packs at rest',
          query: `max by (${EACH_KEY}) (${ofScopes('sweep_interval_seconds')})`,
          unit: 's',
          width: 110,
        },
        {
          title: 'Took',
          query: `max by (${EACH_KEY}) (${ofScopes('refresh_duration_seconds')})`,
          unit: 's',
          width: 100,
        },
        {
          title: 'Limit',
          query: `min by (${EACH_KEY}) (${ofScopes('api_requests_per_second_limit')})`,
          unit: 'reqps',
          width: 100,
        },
        {
          title: 'Progress',
          query: `max by (${EACH_KEY}) (${ofScopes('refresh_progress_ratio')})`,
          unit: 'percentunit',
          width: 100,
        },
        {
          title: 'Packs',
          query: `max by (${EACH_KEY}) (${ofScopes('packs')})`,
          unit: 'none',
          width: 100,
        },
      ],
    }),
    series({
      title: 'Age of the data',
      description:
        'Time since each source and Region was last read completely, by every shard. A sawtooth as low as the refresh interval is healthy; a rising line is a Region that can no longer be read. A Region that has never been read has no line. The accounts of the organization are read less often.',
      empty: 'Nothing has been read yet',
      width: 12,
      height: 9,
      unit: 's',
      queries: [
        {
          expr: `time() - (${SCOPES_READ} > 0)`,
          legend: '{{source}} {{aws_region}} {{organization}}',
        },
        {
          expr: `time() - (max by (${SOURCE_KEY}) (${ofSources('accounts_last_success_timestamp_seconds')}) > 0)`,
          legend: '{{source}} accounts of the organization {{organization}}',
        },
      ],
    }),
    series({
      title: 'Failed refreshes',
      description: `Refreshes in which something could not be read, by reason, estimated from the increase of counters.
- **access_denied**: an IAM action is missing; the log names it.
- **organization_access_denied**: the account is neither the management account nor a delegated administrator.
- **region_unsupported**: remove the Region from the configuration.
- **credentials**: none were found, they have expired, or the role cannot be assumed.
- **duplicate_source**: two sources are the same account; remove one.
- **throttled**: AWS kept throttling although the exporter had slowed down; something else may use up the limit of the account.
- **timeout**, **network**, **service_error**, **invalid_response**: if they persist, check the log.`,
      empty: 'No exporter',
      width: 12,
      height: 9,
      unit: 'short',
      drawn: 'stacked bars',
      minStep: '5m',
      queries: [
        {
          expr: `sum by (reason) (increase(${ofScopes('refresh_failures_total')}[$__rate_interval]))`,
          legend: '{{reason}}',
        },
      ],
      names: REASONS,
    }),
    series({
      title: 'Duration of refreshes',
      description:
        'Duration of the last refresh of each source and Region. Above the refresh interval, the next one starts late: raise `--refresh.requests-per-second` if AWS does not throttle, or the interval.',
      empty: 'No refresh yet',
      width: 12,
      height: 9,
      unit: 's',
      queries: [
        {
          expr: `max by (${SCOPE_KEY}) (${ofScopes('refresh_duration_seconds')})`,
          legend: '{{source}} {{aws_region}} {{organization}}',
        },
      ],
    }),
    series({
      title: 'Samples',
      description:
        'Samples about packs and accounts that each exporter exposes, the limit, and the samples cut by it. Accounts that are cut are still part of the counts per pack.',
      empty: 'No exporter',
      width: 12,
      height: 9,
      unit: 'short',
      queries: [
        {
          expr: `max by (${INSTANCE_KEY}) (${ofExporter('samples')})`,
          legend: '{{instance}} {{organization}}',
        },
        { expr: `max(${ofExporter('samples_limit')} > 0)`, legend: 'Limit' },
        {
          expr: `sum(max by (${PACK_KEY}) (${ofPacks('account_series_omitted')}))`,
          legend: 'Cut by the limit',
        },
      ],
      colours: { Limit: COLOURS.unsure, 'Cut by the limit': COLOURS.bad },
    }),
  ],
  rows: {
    'AWS API calls': [
      series({
        title: 'Requests',
        description: 'Requests sent to AWS, including retries, by operation.',
        empty: 'No exporter',
        width: 8,
        height: 9,
        unit: 'reqps',
        queries: [
          {
            expr: perSecond('operation', ofScopes('api_requests_total')),
            legend: '{{operation}}',
          },
        ],
        names: OPERATIONS,
      }),
      series({
        title: 'Throttled requests',
        description:
          'Requests that AWS throttled, including retries, by operation. The exporter slows down until there are few; *Limit* in the table above shows its current rate.',
        empty: 'No exporter',
        width: 8,
        height: 9,
        unit: 'reqps',
        queries: [
          {
            expr: perSecond('operation', ofScopes('api_throttles_total')),
            legend: '{{operation}}',
          },
        ],
        names: OPERATIONS,
      }),
      series({
        title: 'Failed calls',
        description:
          'AWS API calls that failed after all retries, by operation and reason; *all* is their sum.',
        empty: 'No exporter',
        width: 8,
        height: 9,
        unit: 'ops',
        queries: [
          {
            expr: `${perSecond('operation, reason', ofScopes('api_request_failures_total'))} > 0`,
            legend: '{{operation}} {{reason}}',
          },
          {
            expr: `sum(rate(${ofScopes('api_request_failures_total')}[$__rate_interval]))`,
            legend: 'all',
          },
        ],
        colours: { all: COLOURS.gone },
      }),
      heatmap({
        title: 'Latency of requests',
        description:
          'Time from sending a request to AWS to its response, excluding the wait for the rate limit.',
        empty: 'No exporter',
        width: 12,
        height: 9,
        unit: 's',
        expr: `sum by (le) (increase(${ofExporter('api_request_duration_seconds_bucket')}[$__rate_interval]))`,
      }),
      series({
        title: 'Latency by operation',
        description: '99th percentile of the latency of requests to AWS, by operation.',
        empty: 'No request in this time',
        width: 12,
        height: 9,
        unit: 's',
        queries: [
          {
            expr: `histogram_quantile(0.99, ${perSecond('operation, le', ofExporter('api_request_duration_seconds_bucket'))})`,
            legend: '{{operation}}',
          },
        ],
        names: OPERATIONS,
      }),
    ],
    'Process and scrapes': [
      series({
        title: 'Memory',
        description:
          'Resident memory of the process, and the used part of its JavaScript heap. A heap that only grows is a leak.',
        empty: SWITCHED_OFF,
        width: 8,
        height: 9,
        unit: 'bytes',
        queries: [
          {
            expr: `max by (${INSTANCE_KEY}) (${ofItself(ofTargets('process_resident_memory_bytes'))})`,
            legend: '{{instance}} resident {{organization}}',
          },
          {
            expr: `max by (${INSTANCE_KEY}) (${ofItself(ofTargets('nodejs_heap_size_used_bytes'))})`,
            legend: '{{instance}} heap {{organization}}',
          },
        ],
      }),
      series({
        title: 'CPU',
        description: 'CPU usage of the process, in cores.',
        empty: SWITCHED_OFF,
        width: 8,
        height: 9,
        unit: 'none',
        queries: [
          {
            expr: `sum by (${INSTANCE_KEY}) (${ofItself(`rate(${ofTargets('process_cpu_seconds_total')}[$__rate_interval])`)})`,
            legend: '{{instance}} {{organization}}',
          },
        ],
      }),
      series({
        title: 'Event-loop lag',
        description: '99th percentile of the delay of the event loop. Scrapes wait as long.',
        empty: SWITCHED_OFF,
        width: 8,
        height: 9,
        unit: 's',
        queries: [
          {
            expr: `max by (${INSTANCE_KEY}) (${ofItself(ofTargets('nodejs_eventloop_lag_p99_seconds'))})`,
            legend: '{{instance}} {{organization}}',
          },
        ],
      }),
      series({
        title: 'Duration of scrapes',
        description:
          'Duration of scrapes of the exporter, as measured by Prometheus. It has to stay well below the scrape timeout.',
        empty: 'Not scraped',
        width: 12,
        height: 9,
        unit: 's',
        queries: [
          {
            expr: `max by (${INSTANCE_KEY}) (${ofItself(ofTargets('scrape_duration_seconds'))})`,
            legend: '{{instance}} {{organization}}',
          },
        ],
      }),
      series({
        title: 'Samples scraped',
        description:
          'Samples per scrape, including those about the exporter itself; Prometheus has a limit of its own, `sample_limit`, if you set it.',
        empty: 'Not scraped',
        width: 12,
        height: 9,
        unit: 'short',
        queries: [
          {
            expr: `max by (${INSTANCE_KEY}) (${ofItself(ofTargets('scrape_samples_scraped'))})`,
            legend: '{{instance}} {{organization}}',
          },
        ],
      }),
    ],
  },
});
