import type { Transport } from '../aws/source.js';
import { choice } from '../config/kinds.js';
import type { Config } from '../config/load.js';
import { oneOr } from '../config/option.js';
import type { OptionName } from '../config/options.js';
import { SCENARIO_NAMES, type ScenarioName } from '../simulator/scenarios.js';
import { deployersOf, startSimulation, type Deployer } from '../simulator/simulation.js';

/** Which scenario a simulated organization plays. */
export const SCENARIO = oneOr(
  { ...choice(SCENARIO_NAMES), placeholder: 'name' },
  'rollout',
  'What happens to the simulated organization.',
);

/** Where a simulated organization has packs, if nobody says otherwise. */
export const DEMO_REGIONS: readonly string[] = ['eu-west-1', 'us-east-1'];

/** What suits a simulated organization better than the usual defaults. */
export const DEMO_DEFAULTS: ReadonlyMap<OptionName, readonly string[]> = new Map([
  ['aws.region', DEMO_REGIONS],
  ['refresh.interval', ['15s']],
  ['refresh.requests-per-second', ['50']],
  ['log.format', ['pretty']],
]);

/** Short enough that something new is there at most refreshes. */
const STEP_MS = 10_000;
const LATENCY_MS = 30;
const SEED = 1;
/** Nobody is throttled here, and names are worth having from the start. */
const ORGANIZATIONS_PER_SECOND = 50;

export interface Demo {
  /** The configuration with a source for each account that deploys packs, where it names none. */
  readonly adapt: (config: Config) => Config;
  /** Where the simulated AWS is. */
  readonly aws: Partial<Transport>;
  stop(): Promise<void>;
}

/** Starts a simulated AWS that has packs wherever the configuration looks for them. */
export async function startDemo(scenario: ScenarioName, { sources }: Config): Promise<Demo> {
  const simulator = await startSimulation({
    scenario,
    regions: [...new Set(sources.flatMap(({ regions }) => regions))],
    seed: SEED,
    stepMs: STEP_MS,
    latencyMs: LATENCY_MS,
    port: 0,
    clock: Date.now,
  });
  const { managementAccountId } = simulator.organization;
  const deployers = deployersOf(simulator.organization);
  return {
    adapt: (given) => (deployers.length > 1 ? withSources(given, deployers) : given),
    aws: {
      endpoint: simulator.url,
      credentials: simulator.credentials(managementAccountId),
      organizationsPerSecond: ORGANIZATIONS_PER_SECOND,
    },
    stop: () => simulator.stop(),
  };
}

/** The one source that the options describe becomes one for each deployer. */
function withSources(config: Config, deployers: readonly Deployer[]): Config {
  const [own, ...others] = config.sources;
  if (own === undefined || others.length > 0 || own.roleArn !== undefined) return config;
  return { ...config, sources: deployers.map((deployer) => ({ ...own, ...deployer })) };
}
