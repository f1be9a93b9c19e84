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
names. Flags beat the environment, which beats the file, which beats the defaults. An option that may
be repeated takes several flags, values separated by commas in its variable, or a list in the file.
Durations are written as in Prometheus: \`30s\`, \`5m\`, \`1h30m\`.

A key, flag or variable that does not exist is an error, never ignored. All problems are told at once,
each with its place, and the program ends with exit code 2. \`--config.check\` looks for them without
running anything. Editors can check the file against [its JSON Schema](config.schema.json).

${table(['Flag', 'Environment variable', 'Key in the file', 'Default', 'What it does'], rows)}
TLS, client certificates and passwords stand in a file of their own, which has
[a page of its own](web-configuration.md).

## Log

The log goes to standard error, a line for each event; standard output has nothing but what a command was asked
for. With \`--log.format=json\` each line is an object:

${table(['Field', 'What it is'], LOG_FIELDS)}
The other fields depend on the event. Of a \`read_failed\` they are the \`reason\`, as in the metrics, the
\`operation\`, in \`error\` what AWS said, and in \`advice\` what to do about it, where that is known. What
Node.js itself warns of is a \`node_warning\`.

## Reload

SIGHUP, or \`POST /-/reload\`, reads the configuration anew. What is known of sources and Regions that it
still has stays, and refreshes under way go on. Only what is to be read in another way, such as with
another role, at another rate or through another filter, is begun anew at once, and the log tells of each
refresh that is abandoned for that. Where something is wrong, the configuration of before stays in force:
the answer is 500 with all problems, the log has them too, and
\`conformance_pack_exporter_config_last_reload_successful\` is 0. These take effect with a restart only:
${OPTION_ROWS.filter(([, { needsRestart }]) => needsRestart)
  .map(([name]) => code(`--${name}`))
  .join(', ')}.

## State file

\`--state.file\` keeps what is known on disk, so that a restart serves it at once, with its own age, and
counts no transition twice. It is written a few seconds after something new is known, less often where
that would take more than a twentieth of the time, and replaced as a whole. A file that is damaged or from another version is ignored, with a warning. It belongs to one
process: several shards need a file each. Where two processes overlap, as in a rolling update, the file
is what the last of them wrote, and whole. Where it cannot be written, the exporter goes on without: the
log and \`--config.check\` say why, it is tried again at growing intervals, and
\`conformance_pack_exporter_state_last_write_successful\` is 0.

A file system that does not answer, as one of a network may, counts as one that cannot be written after a
minute. A start waits ten seconds for it, and so does a stop, which then ends with exit code 0 as ever, or
by SIGTERM before Node.js 22.15.

## Calls of AWS

A refresh lists the packs of a Region and then reads the accounts of each, a page at a time: an
organization of 1,000 accounts and 15 packs takes 152 calls. No more than \`--refresh.concurrency\` are
under way and no more than \`--refresh.requests-per-second\` are sent, retries included, for each source
and Region. AWS publishes no limits. Where it throttles, the exporter slows down by itself, to a rate at
which hardly anything is refused, and tries from time to time whether more is possible:
\`conformance_pack_exporter_api_requests_per_second_limit\` tells the rate it has found. That may be far below
the configured one, but it is never less than a request in twenty seconds. While AWS refuses everything, one
in four seconds goes on trying, and seconds after that is over the rate is back.

\`--refresh.sweep-every=N\` saves most of the calls where most packs are at rest. Packs that are in
progress, failed, changed or at odds with their roll-up are read at each refresh, as always. One that is
complete, or deleted, is read at every Nth, some of them at each refresh, and sooner if its roll-up changes.
AWS need not tell when an account changes, so such a change may show N refreshes late;
\`aws_config_org_conformance_pack_detail_last_success_timestamp_seconds\` tells the age of each pack's
accounts, and \`conformance_pack_exporter_sweep_interval_seconds\` how old they may become.

## Shards

Where one process is not enough, several share the packs: give each \`--shard.total\` and its own
\`--shard.index\`. Every one of them lists the packs and the accounts of the organization; each reads the
accounts of its own packs only. A pack belongs to one shard by a hash of its source, its Region and its
name, and one more shard takes over nothing but its own share. In a StatefulSet, which names its pods by
number, \`--shard.index=auto\` does it. Prometheus scrapes all of them as one job; every series about packs
and accounts comes from one shard only, and \`aws_organizations_account_info\` from the first. What each
tells of itself, such as \`conformance_pack_exporter_packs\`, all of them tell.

The limits on calls hold for each process. AWS counts them by account and Region, so divide
\`--refresh.requests-per-second\` by the shards. \`--samples.limit\` holds for each process too;
\`conformance-pack-exporter plan\` tells how many shards stay within it.

## Several sources

A source is one AWS identity whose packs are read. AWS shows each caller only the packs that it
deployed itself, so an organization with delegated administrators needs one source for each. Sources
stand in the file, and only there:

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
The same profile, role and Region twice is an error. Where two sources turn out to be the same account
only at run time, the later one fails with the reason \`duplicate_source\`.
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

What is known about a pack or an account is read in the background; a scrape reads memory only. Each
family about packs and accounts has the labels ${PACK_LABELS.map(code).join(', ')}, and those in the
table besides. Families about packs are whole in every mode and never cut, so that alerts can stand on
them. Families with \`account_id\` cover the accounts that \`--accounts.series\` shows and
\`--samples.limit\` leaves.

A status is told one-hot: 1 for the current status and 0 for the others. For accounts the others are
there with \`--accounts.series=full\` only, so write \`== 1\`, which holds in every mode.

## Packs and accounts

${table(['Name', 'Type', 'Further labels', 'Value'], familyRows([...PACK_FAMILIES, ...ACCOUNT_FAMILIES]))}
### Roll-up and rollout

The roll-up is what AWS says of a pack as a whole. It can stay in progress for ever after every account
has finished, so the exporter gives a verdict of its own, \`rollout\`, from the accounts. The first line
that holds decides:

${table(['State', 'When'], ROLLOUT_ROWS)}
An account that AWS does not report does not enter; it is missing. \`rollup_mismatch\` compares roll-up
and verdict as they were read in one refresh, and stays as it is while a sweep leaves the pack alone. A
roll-up in progress agrees with any verdict as long as an account is in progress.

### Missing and excused accounts

A pack misses an account that is active in the organization, that it does not exclude, and that AWS does
not report for it; a pack that is being deleted misses none. An account from which it was deleted while
others keep it is not reported. Whether packs are deployed to the management account is documented
nowhere: it is expected of all packs of a source if any of them is reported for it.

An unsuccessful account is excused while AWS still keeps trying, for ${NEW_FOR_MS / 3_600_000} hours after it joined, and if it is
not active. The verdict takes no notice; alerts subtract it. An account that is both is counted as
\`inactive\`. The accounts are read at \`--accounts.refresh-interval\`: one that was not among them is excused
too, as new if AWS has deployed to it since, and otherwise as one that has left. One that leaves may be
missing until the next reading.

### Error codes

AWS publishes no list of its error codes. \`error_code\` holds one of ${ERROR_CODES.length} values: those below, without the
suffix \`Exception\`; \`${OTHER}\` for any other code, and \`${UNSPECIFIED}\` for a failure without one. Messages are in
the log: a line with the event \`account_transition\` for each account whose status changed, and one with
\`roll_up_changed\` for each pack.

${ERROR_CODES.map(code).join(', ')}

## Accounts of the organization

With the label \`source\`, and only where \`--collector.accounts\` reads them.

${table(['Name', 'Type', 'Further labels', 'Value'], familyRows(SOURCE_FAMILIES))}
To join it, so that neither a second exporter nor a missing series does any harm:

\`\`\`promql
  max without (job, instance) (${PREFIX}_account_status{status=~".*_FAILED"} == 1)
    * on (source, account_id) group_left (account_name, ou_path)
      topk by (source, account_id) (1, aws_organizations_account_info)
or on (source, aws_region, conformance_pack, account_id)
  max without (job, instance) (${PREFIX}_account_status{status=~".*_FAILED"} == 1)
\`\`\`

## The exporter itself

${table(['Name', 'Type', 'Labels', 'Value'], selfMetricRows())}
Calls that are about a source as a whole, such as those of AWS Organizations, are counted to the first of
its Regions. Beside these there are the metrics of the process and of Node.js that prom-client gives,
unless \`--web.disable-exporter-metrics\` leaves them out.
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

The simulated AWS plays any of these, and the tests hold the exporter against them.
\`conformance-pack-exporter --demo NAME\` runs the exporter on one, inside one process;
\`conformance-pack-exporter simulate --scenario NAME\` serves one to any client of AWS Config, AWS
Organizations and AWS STS, and prints what to set for it.

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
    process.stderr.write(`docs/${name} is not what the tables make of it; run npm run docs\n`);
    process.exitCode = 1;
  }
}
