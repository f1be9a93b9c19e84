import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { Counter, Histogram, type Metric } from 'prom-client';
import { z } from 'zod';
import { environmentName, filePath, OPTION_ROWS } from '../src/config/options.js';
import type { Option } from '../src/config/option.js';

import { sourcesSchema } from '../src/config/sources.js';
import { ACCOUNT_FAMILIES } from '../src/metrics/account-families.js';
import { PACK_FAMILIES } from '../src/metrics/pack-families.js';
import { PACK_LABELS } from '../src/metrics/pack-view.js';
import { SelfMetrics } from '../src/metrics/self-metrics.js';
import { Views } from '../src/metrics/view.js';
import { Store } from '../src/refresh/store.js';

/**
 * Makes the reference pages from the tables that the program runs by. With `--check` it writes
 * nothing and fails where a page is not what the tables make of it.
 */

const PAGES: Readonly<Record<string, () => string>> = {
  'configuration.md': configurationPage,
  'metrics.md': metricsPage,
  'config.schema.json': () => JSON.stringify(fileSchema()),
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

const code = (text: string) => `\`${text}\``;

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

function metricsPage(): string {
  const families = [...PACK_FAMILIES, ...ACCOUNT_FAMILIES].map(({ help, labels, name, type }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    help,
  ]);
  return `# Metrics

What is known about a pack or an account is read in the background; a scrape reads memory only. Each
family about packs and accounts has the labels ${PACK_LABELS.map(code).join(', ')}, and those in the
table besides. Families about packs are whole in every mode and never cut, so that alerts can stand on
them. Families with \`account_id\` cover the accounts that \`--accounts.series\` shows and
\`--samples.limit\` leaves.

A status is told one-hot: 1 for the current status and 0 for the others. For accounts the others are
there with \`--accounts.series=full\` only, so write \`== 1\`, which holds in every mode.

## Packs and accounts

${table(['Name', 'Type', 'Further labels', 'Value'], families)}
## The exporter itself

${table(['Name', 'Type', 'Labels', 'Value'], selfMetricRows())}
Beside these there are the metrics of the process and of Node.js that prom-client gives, unless
\`--web.disable-exporter-metrics\` leaves them out.
`;
}

/** What prom-client's own types leave out. */
type Documented = Metric & {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
};

function selfMetricRows(): readonly (readonly string[])[] {
  const store = new Store([]);
  const options = { series: 'auto', age: 'auto', samplesLimit: 0, maxStalenessMs: 0 } as const;
  const views = new Views(store, { ...options, live: true });
  const { registry } = new SelfMetrics({
    store,
    view: () => views.at(0),
    version: '',
    startedAt: 0,
    refreshIntervalMs: 0,
    samplesLimit: 0,
    lifetime: 'running',
    processMetrics: false,
  });
  const metrics = registry.getMetricsAsArray() as unknown as readonly Documented[];
  return metrics.map((metric) => [
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

const checking = process.argv.includes('--check');
for (const [name, make] of Object.entries(PAGES)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const options = await resolveConfig(path);
  const made = await format(make(), { ...options, filepath: path });
  if (!checking) await writeFile(path, made);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== made) {
    process.stderr.write(`docs/${name} is not what the tables make of it; run npm run docs\n`);
    process.exitCode = 1;
  }
}
