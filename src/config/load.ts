import { parseFile, type FileContent } from './file.js';
import {
  ENVIRONMENT_PREFIX,
  environmentName,
  OPTION_ROWS,
  type OptionName,
  type Options,
} from './options.js';
import { unknown, type Problem } from './problem.js';
import { findTwins, parseSources, sourceOfOptions, type SourceConfig } from './sources.js';
import { givenAs, readValues, type Given } from './values.js';
import { loadWebConfig, type WebConfig } from './web-config.js';

/** The whole configuration. */
export interface Config {
  readonly options: Options;
  readonly sources: readonly SourceConfig[];
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
  const webFile = input.serves ? options['web.config.file'] : undefined;
  const web = webFile === undefined ? undefined : loadWebConfig(webFile, input.readFile);
  problems.push(...(web?.problems ?? []));
  if (problems.length > 0) return { problems };
  return { config: { options, sources, web: web?.config }, problems: [] };
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
    const message = error instanceof Error ? error.message : String(error);
    problems.push({ path: origin, message: `cannot be read: ${message}` });
    return NO_FILE;
  }
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
  if (telemetryPath === '/' || telemetryPath?.startsWith('/-/')) {
    problems.push(
      problem('web.telemetry-path', 'is taken by another page; write for example /metrics'),
    );
  }
  const staleness = options['refresh.max-staleness'] || Infinity;
  for (const name of ['refresh.interval', 'accounts.refresh-interval'] as const) {
    if (options[name] > staleness) {
      const why =
        'is longer than refresh.max-staleness: data would be withdrawn before its renewal';
      problems.push(problem(name, why));
    }
  }
  return problems;
}
