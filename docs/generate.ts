import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, getFileInfo, resolveConfig } from 'prettier';
import { Counter, Histogram, type Metric } from 'prom-client';
import { z } from 'zod';
import { performancePage, performancePlots } from '../bench/page.js';
import { environmentName, filePath, OPTION_ROWS } from '../src/config/options.js';
import type { Option } from '../src/config/option.js';
import { sourcesSchema } from '../src/config/sources.js';
import { NEW_FOR_MS } from '../src/conformance/coverage.js';
import { ERROR_CODES, OTHER, UNSPECIFIED } from '../src/conformance/error-code.js';
import { LOG_LEVELS } from '../src/log.js';
import { ACCOUNT_FAMILIES } from '../src/metrics/account-families.js';
import { PACK_FAMILIES, PREFIX } from '../src/metrics/pack-families.js';
import { PACK_LABELS } from '../src/metrics/pack-view.js';
import { SOURCE_FAMILIES } from '../src/metrics/source-families.js';
import type { FamilyHead } from '../src/metrics/text.js';
import { SCENARIOS } from '../src/simulator/scenarios.js';
import { code, table } from './markdown.js';
import { definedSelfMetrics } from './self-metrics.js';
import { webConfigurationPage } from './web-configuration-page.js';

/**
 * Makes the reference pages from the tables that the program runs by. With `--check` it writes
 * nothing and fails where a page is not what the tables make of it.
 */

const PAGES: Readonly<Record<string, () => string>> = {
  'configuration.md': configurationPage,
  'web-configuration.md': webConfigurationPage,
  'metrics.md': metricsPage,
  'scenarios.md': scenariosPage,
  'config.schema.json': () => JSON.stringify(fileSchema()),
  'performance.md': performancePage,
  ...performancePlots(),
};

const LOGGED_LEVELS = LOG_LEVELS.filter((level) => level !== 'silent');
const LOG_FIELDS = [
  [code('level'), LOGGED_LEVELS.map(code).join(', ')],
  [code('time'), 'When, in ISO 8601 and UTC.'],
  [code('event'), `What has happened, such as ${code('refreshed')} or ${code('read_failed')}.`],
  [code('msg'), 'The same for people.'],
];

function configurationPage(): string {
  const rows = OPTION_ROWS.map(([name, option]) => [
    code(`--${name}`),
    code(environmentName(name)),
    option.notInFile ? '' : code(filePath(name).join('.')),
    option.default === undefined ? '' : code(option.default),
    option.help,
  ]);
  return `# Configuration

Every option is a flag, an environment variable and a key in the YAML file that \`--config.file\`
names. Flags take precedence over the environment, the environment over the file, and
the file over the defaults. A repeatable option takes several flags, values separated by commas in its
variable, or a list in the file. Durations are written as in Prometheus: \`30s\`, \`5m\`, \`1h30m\`.

An unknown key, flag or variable is an error and never ignored. All problems are reported at once, each
with its location, and the exit code is 2. \`--config.check\` checks the configuration without running
anything. Editors can check the file against [its JSON Schema](config.schema.json).

${table(['Flag', 'Environment variable', 'Key in the file', 'Default', 'What it does'], rows)}
TLS, client certificates and passwords are configured in a separate file, described in
[Web configuration](web-configuration.md).

## Log

The log goes to standard error, a line for each event; standard output has nothing but what a command was asked
for. With \`--log.format=json\` each line is an object:

${table(['Field', 'What it is'], LOG_FIELDS)}
The other fields depend on the event. Of a \`read_failed\` they are the \`reason\`, as in the metrics, the
\`operation\`, in \`error\` what AWS said, and in \`advice\` what to do about it, where that is known. What
Node.js itself warns of is a \`node_warning\`.

## Reload

SIGHUP, or \`POST /-/reload\`, reloads the configuration. Data about sources and Regions that are still
configured is kept, and running refreshes continue. Only where the way of reading changes, such as the
role, the rate or a filter, does a refresh start over at once, and the log has a line for each refresh that
is abandoned for that. If anything is wrong, the previous configuration stays in effect: the response is
500 with all problems, the log has them too, and
\`conformance_pack_exporter_config_last_reload_successful\` is 0. These options take effect only after a
restart:
${OPTION_ROWS.filter(([, { needsRestart }]) => needsRestart)
  .map(([name]) => code(`--${name}`))
  .join(', ')}.

## State file

\`--state.file\` persists the last known data on disk, so that a restarted exporter serves it at once, with
its original age, and counts no transition twice. The file is written a few seconds after new data arrives,
less often if writing would take more than a twentieth of the time, and replaced atomically. A file that is
damaged or from another version is ignored, with a warning. It belongs to one process: each shard needs its
own. If two processes overlap, as in a rolling update, the file is what the last of them wrote, and
complete. If it cannot be written, the exporter runs without it: the log and \`--config.check\` say why, the
write is retried at growing intervals, and
\`conformance_pack_exporter_state_last_write_successful\` is 0.

A file system that does not respond, as a network file system may, counts as one that cannot be written after a
minute. The start waits ten seconds for it, and so does the stop, which then still ends with exit code 0, or by
SIGTERM before Node.js 22.15.

## AWS API calls

A refresh lists the packs of a Region and then reads the accounts of each, a page at a time: an
organization of 1,000 accounts and 15 packs takes 152 calls. For each source and Region, at most
\`--refresh.concurrency\` calls run at a time, and at most \`--refresh.requests-per-second\` requests are sent,
including retries. AWS publishes no limits. If it throttles, the exporter slows down to a rate at which
hardly any request is refused, and probes from time to time whether more is possible:
\`conformance_pack_exporter_api_requests_per_second_limit\` exposes the current rate,
which may be far below the configured one, but never less than one request in twenty seconds. While AWS refuses
everything, the exporter keeps trying with one request in four seconds, and seconds after that is over the rate
is restored.

\`--refresh.sweep-every=N\` saves most of the calls when most packs are at rest. Packs that are in
progress, failed, changed or at odds with their roll-up are still read in each refresh. A pack that is
complete or deleted is read in every Nth refresh, spread evenly over the refreshes, and sooner if its
roll-up changes. AWS does not always signal that an account changed, so such a change may show up to N
refreshes late; \`aws_config_org_conformance_pack_detail_last_success_timestamp_seconds\` shows when the
accounts of each pack were last read, and \`conformance_pack_exporter_sweep_interval_seconds\` how old they
may become.

## Shards

Where one process is not enough, distribute the packs among several: give each \`--shard.total\` and its
own \`--shard.index\`. Every shard lists the packs and the accounts of the organization, but reads the
accounts of its own packs only. A hash of source, Region and name assigns each pack to one shard; adding a
shard moves no packs but its own share. In a StatefulSet, which numbers its pods, use
\`--shard.index=auto\`. Prometheus scrapes all shards as one job. Every series about packs and accounts comes
from one shard only, and \`aws_organizations_account_info\` from the first; metrics about the exporter
itself, such as \`conformance_pack_exporter_packs\`, come from each shard.

The limits on calls apply per process, but AWS counts calls per account and Region, so divide
\`--refresh.requests-per-second\` by the number of shards. \`--samples.limit\` applies per process too;
\`conformance-pack-exporter plan\` computes how many shards it takes to stay within it.

## Several sources

A source is one AWS identity whose packs are read. AWS shows each caller only the packs that it
deployed itself, so an organization with delegated administrators needs one source for each. Sources
can only be configured in the file:

\`\`\`yaml
sources:
  - name: management
    regions: [eu-west-1, us-east-1]
  - name: security
    role_arn: arn:aws:iam::123456789012:role/conformance-pack-reader
    external_id: some-external-id
    regions: [eu-west-1, us-east-1]
    expected_packs: [Security-Baseline]
\`\`\`

${table(['Key', 'Required', 'What it is'], sourceRows())}
Repeating the same profile, role and Region is an error. If two sources turn out at run time to be the
same account, the later one fails with the reason \`duplicate_source\`.
`;
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

function sourceRows(): readonly (readonly string[])[] {
  const { items } = z.toJSONSchema(sourcesSchema) as unknown as { items: ObjectSchema };
  return Object.entries(items.properties).map(([key, { description = '' }]) => [
    code(key),
    items.required?.includes(key) === true ? 'yes' : '',
    description,
  ]);
}

interface Node {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, unknown>;
}

const emptyNode = (): Node => ({ type: 'object', additionalProperties: false, properties: {} });

function fileSchema(): unknown {
  const root = emptyNode();
  for (const [name, option] of OPTION_ROWS) {
    if (option.notInFile) continue;
    const path = filePath(name);
    let node = root;
    for (const key of path.slice(0, -1)) {
      node = (node.properties[key] ??= emptyNode()) as Node;
    }
    node.properties[path.at(-1) ?? ''] = optionSchema(option);
  }
  const { $schema, ...sources } = z.toJSONSchema(sourcesSchema);
  root.properties['sources'] = {
    description:
      'AWS identities whose packs are read, instead of the one that the options under aws describe.',
    ...sources,
  };
  return { $schema, title: 'Configuration file of conformance-pack-exporter', ...root };
}

function optionSchema({ default: fallback, help, kind, many }: Option): unknown {
  const value = many ? { anyOf: [kind.json, { type: 'array', items: kind.json }] } : kind.json;
  return { description: fallback === undefined ? help : `${help} Default: ${fallback}`, ...value };
}

function familyRows(families: readonly (FamilyHead & { readonly labels: readonly string[] })[]) {
  return families.map(({ help, labels, name, type }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    help,
  ]);
}

function metricsPage(): string {
  return `# Metrics

All data about packs and accounts is read in the background; a scrape is served from memory. Each metric
family about packs and accounts has the labels ${PACK_LABELS.map(code).join(', ')}, plus those in the
table. Families about packs are complete in every account-series mode and never truncated, so alerts can
rely on them. Families with \`account_id\` cover the accounts that \`--accounts.series\` selects, as far as
\`--samples.limit\` allows.

A status is exposed as one series per possible value: 1 for the current status and 0 for the others. For
accounts, the others exist only with \`--accounts.series=full\`, so write \`== 1\`, which works in every mode.

## Packs and accounts

${table(['Name', 'Type', 'Further labels', 'Value'], familyRows([...PACK_FAMILIES, ...ACCOUNT_FAMILIES]))}
### Roll-up and rollout

The roll-up is the status that AWS reports for a pack as a whole. It can stay in progress forever after
every account has finished, so the exporter derives a verdict of its own, \`rollout\`, from the accounts. The
first row that applies decides:

${table(['State', 'When'], ROLLOUT_ROWS)}
An account that AWS does not report is not considered; it is missing. \`rollup_mismatch\` compares roll-up
and verdict as read in the same refresh, and keeps its value in refreshes that skip the accounts of the pack. A
roll-up in progress agrees with any verdict as long as an account is in progress.

### Missing and excused accounts

An account is missing from a pack if it is active in the organization, the pack does not exclude it, and
AWS does not report it for the pack. A pack that is being deleted has no missing accounts. An account from
which the pack was deleted while others keep it is not reported. AWS does not document whether packs are
deployed to the management account: the exporter expects all packs of a source there if AWS reports any of
them for it.

An unsuccessful account is excused for the first ${NEW_FOR_MS / 3_600_000} hours after it joined, while AWS keeps retrying, and
as long as it is not active. The verdict ignores this; alerts subtract excused accounts. An account to which
both apply counts as \`inactive\`. The accounts are read every \`--accounts.refresh-interval\`: one that was not
among them is excused too, as new if AWS has deployed to it since, and otherwise as one that has left. An
account that leaves may be reported as missing until they are read again.

### Error codes

AWS publishes no list of its error codes. \`error_code\` has one of ${ERROR_CODES.length} values: those below, without the
suffix \`Exception\`, where \`${OTHER}\` stands for any other code, and \`${UNSPECIFIED}\` for a failure without one. Error
messages are in the log: a line with the event \`account_transition\` for each account whose status changed,
and one with \`roll_up_changed\` for each pack.

${ERROR_CODES.map(code).join(', ')}

## Accounts of the organization

These have the label \`source\`, and exist only if \`--collector.accounts\` is on.

${table(['Name', 'Type', 'Further labels', 'Value'], familyRows(SOURCE_FAMILIES))}
A join that tolerates a second exporter and missing series:

\`\`\`promql
  max without (job, instance) (${PREFIX}_account_status{status=~".*_FAILED"} == 1)
    * on (source, account_id) group_left (account_name, ou_path)
      topk by (source, account_id) (1, aws_organizations_account_info)
or on (source, aws_region, conformance_pack, account_id)
  max without (job, instance) (${PREFIX}_account_status{status=~".*_FAILED"} == 1)
\`\`\`

## The exporter itself

${table(['Name', 'Type', 'Labels', 'Value'], selfMetricRows())}
Calls for a source as a whole, such as those to AWS Organizations, are counted under its first Region.
In addition, the exporter exposes prom-client's default metrics about the process and Node.js, unless
\`--web.disable-exporter-metrics\` is set.
`;
}

const ROLLOUT_ROWS: readonly (readonly string[])[] = [
  [code('unknown'), 'the accounts were never read, were read too long ago, or there are none'],
  [code('failed'), 'any account has failed'],
  [code('in_progress'), 'any account is in progress'],
  [code('unknown'), 'any account has a status that this version does not know'],
  [code('deleted'), 'the pack was deleted from every account'],
  [code('complete'), 'everything else'],
];

function scenariosPage(): string {
  const rows = Object.entries(SCENARIOS).map(([name, { summary }]) => [code(name), summary]);
  return `# Scenarios of the simulator

The simulated AWS can play any of these scenarios, and the tests run the exporter against them.
\`conformance-pack-exporter --demo NAME\` runs exporter and simulator in one process;
\`conformance-pack-exporter simulate --scenario NAME\` serves the simulated AWS Config, AWS Organizations and
AWS STS to any client, and prints the settings for it.

${table(['Scenario', 'What happens'], rows)}`;
}

function selfMetricRows(): readonly (readonly string[])[] {
  return definedSelfMetrics(false).map((metric) => [
    code(metric.name),
    typeOf(metric),
    metric.labelNames.map(code).join(', '),
    metric.help,
  ]);
}

function typeOf(metric: Metric): string {
  if (metric instanceof Counter) return 'counter';
  return metric instanceof Histogram ? 'histogram' : 'gauge';
}

/** As prettier would have it, where it knows the kind of file. */
async function formatted(path: string, content: string): Promise<string> {
  const { inferredParser } = await getFileInfo(path);
  if (inferredParser === null) return content;
  return format(content, { ...(await resolveConfig(path)), filepath: path });
}

const checking = process.argv.includes('--check');
for (const [name, make] of Object.entries(PAGES)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const made = await formatted(path, make());
  if (!checking) await writeFile(path, made);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== made) {
    process.stderr.write(`docs/${name} is out of date; run npm run docs\n`);
    process.exitCode = 1;
  }
}
