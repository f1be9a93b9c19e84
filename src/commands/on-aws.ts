import type { Transport } from '../aws/source.js';
import type { Config } from '../config/load.js';
import type { ScenarioName } from '../simulator/scenarios.js';
import type { Io } from './command.js';
import { readConfiguration, type ConfigurationInput } from './configuration.js';
import { DEMO_DEFAULTS, startDemo } from './demo.js';

export interface OnAwsInput extends Omit<ConfigurationInput, 'defaults'> {
  /** Of a simulated AWS that is to be there for as long as the work takes; without it AWS itself. */
  readonly scenario: ScenarioName | undefined;
}

/**
 * Does a work that comes to an end, with the whole configuration and the way to AWS. Throws a
 * `ConfigurationError` with every problem that there is.
 */
export async function onAws<Result>(
  { scenario, ...given }: OnAwsInput,
  io: Io,
  work: (config: Config, aws: Partial<Transport>) => Promise<Result>,
): Promise<Result> {
  if (scenario === undefined) return work(await readConfiguration(given, io), {});
  const config = await readConfiguration({ ...given, defaults: DEMO_DEFAULTS }, io);
  const demo = await startDemo(scenario, config);
  try {
    return await work(demo.adapt(config), demo.aws);
  } finally {
    await demo.stop();
  }
}
