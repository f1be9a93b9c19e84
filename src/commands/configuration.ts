import { defaultRegion } from '../aws/source.js';
import { loadConfig, type Config, type ConfigInput } from '../config/load.js';
import type { Problem } from '../config/problem.js';
import type { Io } from './command.js';

/** Where something may be wrong: flags that every command has belong to the configuration. */
export type Subject = 'configuration' | 'command line';

/** A configuration that is wrong, or a command line. The program says so and ends. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly Problem[];
  readonly subject: Subject;

  constructor(problems: readonly Problem[], subject: Subject = 'configuration') {
    super(problems.map(({ message, path }) => `${path}: ${message}`).join('\n'));
    this.problems = problems;
    this.subject = subject;
  }
}

export interface ConfigurationInput extends Pick<ConfigInput, 'flags' | 'defaults' | 'serves'> {
  /** What is wrong with the command line already. */
  readonly problems: readonly Problem[];
}

/** The whole configuration. Throws a {@link ConfigurationError} with every problem that there is. */
export async function readConfiguration(
  { problems, ...given }: ConfigurationInput,
  { environment, readFile }: Io,
): Promise<Config> {
  const loaded = loadConfig({ ...given, environment, readFile });
  if (loaded.config === undefined || problems.length > 0) {
    const subject = loaded.problems.length === 0 ? 'command line' : 'configuration';
    throw new ConfigurationError([...problems, ...loaded.problems], subject);
  }
  return withRegions(loaded.config);
}

/** Fills in the Region that the SDK finds where the configuration names none. */
async function withRegions(config: Config): Promise<Config> {
  const sources = await Promise.all(
    config.sources.map(async (source) => {
      if (source.regions.length > 0) return source;
      const region = await defaultRegion(source.profile);
      if (region === undefined) {
        throw new ConfigurationError([
          {
            path: '--aws.region',
            message: 'no Region to read; give one, or set AWS_REGION or one in the AWS profile',
          },
        ]);
      }
      return { ...source, regions: [region] };
    }),
  );
  return { ...config, sources };
}
