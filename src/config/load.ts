import { sectionOf } from '../paths.js';
import { clashesAmong } from './addresses.js';
import { parseFile, type FileContent } from './file.js';
import {
  ENVIRONMENT_PREFIX,
  environmentName,
  OPTION_ROWS,
  type OptionName,
  type Options,
} from './options.js';
import { unknown, whyUnreadable, type Problem } from './problem.js';
import { findTwins, parseSources, sourceOfOptions, type SourceConfig } from './sources.js';
import { givenAs, readValues, type Given } from './values.js';
import { loadWebConfig, type WebConfig } from './web-config.js';

/** The whole configuration. */
export interface Config {
  readonly options: Options;
  readonly sources: readonly SourceConfig[];
  /** Which part of the packs is read: part `index`, from 0, of `total`. */
  readonly shard: { readonly index: number; readonly total: number };
  /** What `web.config.file` holds, where it is given and the command serves anything. */
  readonly web?: WebConfig | undefined;
}

export interface ConfigInput {
  /** The texts given with each flag, by the option's name. */
  readonly flags: ReadonlyMap<OptionName, readonly string[]>;
  /** Texts that stand in for the defaults of the table. */
  readonly defaults?: ReadonlyMap<OptionName, readonly string[]>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Throws the system's error where the file cannot be read. */
  readonly readFile: (path: string) => string;
  /**
   * Whether the command serves anything. Only then `web.config.file` is read: others need not be
   * allowed to see the private key.
   */
  readonly serves?: boolean;
}

export type LoadResult =
  | { readonly config: Config; readonly problems: readonly [] }
  | { readonly config?: undefined; readonly problems: readonly Problem[] };

const NO_FILE: FileContent = {
  given: new Map(),
  raw: undefined,
  locate: (path) => path.map(String).join('.'),
  problems: [],
};

/**
 * The configuration from flags, environment and file: flags beat the environment, which beats the
 * file, which beats the defaults. Finds every problem, not just the first.
 */
export function loadConfig(input: ConfigInput): LoadResult {
  const problems: Problem[] = [];
  const fromFlags = givenAs(input.flags, (name) => `--${name}`);
  const fromEnvironment = givenByEnvironment(input.environment, problems);
  const path = fromFlags.get('config.file') ?? fromEnvironment.get('config.file');
  const file = path === undefined ? NO_FILE : readConfigFile(path, input.readFile, problems);
  problems.push(...file.problems);

  const layers = [fromFlags, fromEnvironment, file.given];
  const find = (name: OptionName) => layers.find((layer) => layer.has(name))?.get(name);
  const defaults = givenAs(input.defaults ?? new Map(), () => 'default');
  const options: Options = readValues(
    OPTION_ROWS,
    (name) => find(name) ?? defaults.get(name),
    problems,
  );

  problems.push(...contradictions(options, find));
  const awsOptions = (['aws.region', 'aws.role-arn', 'aws.external-id'] as const).map(find);
  let sources: readonly SourceConfig[];
  if (file.raw === undefined) {
    sources = [sourceOfOptions(options)];
    problems.push(...findTwins(sources, () => find('aws.region')?.origin ?? 'aws.region'));
  } else {
    const parsed = parseSources(file.raw, options['packs.expected'], file.locate);
    sources = parsed.sources;
    problems.push(...parsed.problems);
    for (const given of awsOptions) {
      if (given === undefined) continue;
      const message = 'cannot be given together with sources; give it to each source instead';
      problems.push({ path: given.origin, message });
    }
  }
  const shard = shardOf(options, input.environment);
  if (typeof shard === 'string') {
    problems.push({ path: find('shard.index')?.origin ?? 'shard.index', message: shard });
  }
  const webFile = input.serves ? options['web.config.file'] : undefined;
  const web = webFile === undefined ? undefined : loadWebConfig(webFile, input.readFile);
  problems.push(...(web?.problems ?? []));
  return problems.length > 0 || typeof shard === 'string'
    ? { problems }
    : { config: { options, sources, shard, web: web?.config }, problems: [] };
}

function givenByEnvironment(
  environment: ConfigInput['environment'],
  problems: Problem[],
): ReadonlyMap<OptionName, Given> {
  const names = new Map(
    OPTION_ROWS.map(([name, option]) => [environmentName(name), { name, option }]),
  );
  const given = new Map<OptionName, Given>();
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || !variable.startsWith(ENVIRONMENT_PREFIX)) continue;
    const known = names.get(variable);
    if (known === undefined) {
      problems.push({ path: variable, message: unknown('variable', variable, [...names.keys()]) });
      continue;
    }
    const texts = known.option.many ? text.split(',').map((item) => item.trim()) : [text];
    given.set(known.name, { origin: variable, texts });
  }
  return given;
}

function readConfigFile(
  { origin, texts }: Given,
  readFile: ConfigInput['readFile'],
  problems: Problem[],
): FileContent {
  const [path = ''] = texts;
  try {
    return parseFile(path, readFile(path));
  } catch (error) {
    problems.push({ path: origin, message: `cannot read ${path}: ${whyUnreadable(error)}` });
    return NO_FILE;
  }
}

/** The shard, or what is wrong with it. Kubernetes names a pod of a StatefulSet by its number. */
function shardOf(
  { 'shard.index': given, 'shard.total': total }: Options,
  { HOSTNAME = '' }: ConfigInput['environment'],
): Config['shard'] | string {
  const index = given === 'auto' ? Number(/-(\d+)$/.exec(HOSTNAME)?.[1] ?? NaN) : given;
  if (Number.isNaN(index)) {
    return `is auto, and HOSTNAME, which is ${JSON.stringify(HOSTNAME)}, does not end in a dash and a number`;
  }
  return index >= total ? `is ${index}, and there is none above ${total - 1}` : { index, total };
}

/** Options that are right each for itself and wrong together. */
function contradictions(
  options: Options,
  find: (name: OptionName) => Given | undefined,
): readonly Problem[] {
  const problem = (name: OptionName, message: string): Problem => ({
    path: find(name)?.origin ?? name,
    message,
  });
  const problems: Problem[] = [];
  if (options['aws.external-id'] !== undefined && options['aws.role-arn'] === undefined) {
    problems.push(problem('aws.external-id', 'is of no use without --aws.role-arn'));
  }
  const telemetryPath = options['web.telemetry-path'] as string | undefined;
  const section = telemetryPath === undefined ? undefined : sectionOf(telemetryPath);
  if (section !== undefined) {
    const why = `is taken by the pages at ${section}; write for example /metrics`;
    problems.push(problem('web.telemetry-path', why));
  }
  for (const clash of clashesAmong(options['web.listen-address'])) {
    problems.push(problem('web.listen-address', clash));
  }
  const staleness = options['refresh.max-staleness'] || Infinity;
  const { 'refresh.interval': interval, 'refresh.sweep-every': sweepEvery } = options;
  if (staleness < 2 * interval * sweepEvery) {
    const renewal =
      sweepEvery === 1 ? 'refresh.interval' : 'refresh.interval × refresh.sweep-every';
    const why = `is less than twice ${renewal}: data would be withdrawn before its renewal`;
    problems.push(problem('refresh.max-staleness', why));
  }
  return problems;
}
