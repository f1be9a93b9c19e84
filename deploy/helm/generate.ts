import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { table } from '../../docs/markdown.js';
import { toggle } from '../../src/config/kinds.js';
import { environmentName, OPTION_ROWS } from '../../src/config/options.js';
import { SCENARIO_NAMES } from '../../src/simulator/scenarios.js';
import { valuesSchema, type JsonSchema } from './values-schema.js';
import { valueRows } from './values-table.js';

/**
 * Makes those parts of the chart that come from elsewhere: the rules and the dashboards, since Helm
 * reads nothing outside of a chart; the schema of the values, which has that of the configuration file
 * and the names of the alerts and of the options in it; and the table of values in its page. With
 * `--check` it writes nothing and fails where a file is not what it would be.
 */

const CHART = 'deploy/helm/conformance-pack-exporter';
const RULES = 'deploy/prometheus/rules';
const DASHBOARDS = 'grafana/dashboards';
/** The table of values stands between these lines. */
const BEGIN = '<!-- made by npm run chart -->\n';
const END = '<!-- end of what npm run chart makes -->\n';

const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const textOf = (file: string) => readFile(pathOf(file), 'utf8');

async function filesIn(folder: string, extension: string): Promise<readonly string[]> {
  const names = await readdir(pathOf(folder)).catch(() => []);
  return names.filter((name) => name.endsWith(extension)).map((name) => `${folder}/${name}`);
}

/** Names of all alerts, each once. */
function alertsIn(rules: readonly string[]): readonly string[] {
  const names = rules.flatMap((text) => {
    const { groups } = parse(text) as { groups: { rules: { alert?: string }[] }[] };
    return groups.flatMap((group) => group.rules.flatMap(({ alert }) => alert ?? []));
  });
  return [...new Set(names)].sort();
}

async function formatted(file: string, text: string): Promise<string> {
  const path = pathOf(file);
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

function page(text: string, values: string): string {
  const [before, rest] = text.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`no lines ${BEGIN} and ${END}`);
  const rows = table(['Value', 'Default', 'What it is'], valueRows(values));
  return `${before}${BEGIN}\n${rows}\n${END}${after}`;
}

async function made(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const rules = await filesIn(RULES, '.yml');
  for (const file of rules) files.set(`${CHART}/files/rules/${basename(file)}`, await textOf(file));
  for (const file of await filesIn(DASHBOARDS, '.json')) {
    files.set(`${CHART}/files/dashboards/${basename(file)}`, await textOf(file));
  }
  const configuration = JSON.parse(await textOf('docs/config.schema.json')) as JsonSchema;
  const alerts = alertsIn(await Promise.all(rules.map(textOf)));
  const schema = `${CHART}/values.schema.json`;
  const options = OPTION_ROWS.map(([name, { kind }]) => ({
    flag: name,
    isSwitch: kind === toggle,
    variable: environmentName(name),
  }));
  const sources = { alerts, configuration, options, scenarios: SCENARIO_NAMES };
  const text = JSON.stringify(valuesSchema(sources));
  files.set(schema, await formatted(schema, text));
  const readme = `${CHART}/README.md`;
  const values = await textOf(`${CHART}/values.yaml`);
  files.set(readme, await formatted(readme, page(await textOf(readme), values)));
  return files;
}

const checking = process.argv.includes('--check');
const files = await made();
const copies = [
  ...(await filesIn(`${CHART}/files/rules`, '')),
  ...(await filesIn(`${CHART}/files/dashboards`, '')),
];
for (const file of copies.filter((copy) => !files.has(copy))) {
  if (checking) complain(file);
  else await rm(pathOf(file));
}
for (const [file, text] of files) {
  if (!checking) {
    await mkdir(dirname(pathOf(file)), { recursive: true });
    await writeFile(pathOf(file), text);
  } else if ((await textOf(file).catch(() => '')) !== text) complain(file);
}

function complain(file: string): void {
  const name = relative('.', file);
  process.stderr.write(`${name} is not what it is made of; run npm run chart\n`);
  process.exitCode = 1;
}
