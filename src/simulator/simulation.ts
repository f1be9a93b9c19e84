import { evolve } from './evolve.js';
import { seededRandom } from './random.js';
import { SCENARIOS, type Scenario, type ScenarioName } from './scenarios.js';
import { createOrganization } from './seed.js';
import { startSimulator, type Simulator } from './server.js';

export interface SimulationOptions {
  readonly scenario: ScenarioName;
  readonly regions: readonly string[];
  /** Member accounts, the management account among them; without it as the scenario has it. */
  readonly accounts?: number | undefined;
  /** Packs a Region; without it as the scenario has it. */
  readonly packs?: number | undefined;
  /** The same seed makes the same organization, and the same life. */
  readonly seed: number;
  /** From one step of the organization's life to the next, in milliseconds; 0 for none. */
  readonly stepMs: number;
  /** How long each answer takes, in milliseconds. */
  readonly latencyMs: number;
  readonly host?: string | undefined;
  /** 0 for a free one. */
  readonly port: number;
  readonly clock: () => number;
}

const SIZE = { accounts: 40, packs: 6 } as const;

/** Starts a simulator whose organization lives on as a scenario has it. */
export async function startSimulation(options: SimulationOptions): Promise<Simulator> {
  const { clock, host, latencyMs, port, regions, seed, stepMs } = options;
  const scenario: Scenario = SCENARIOS[options.scenario];
  const { accounts, packs } = { ...SIZE, ...scenario.size };
  const organization = createOrganization({
    seed,
    accounts: options.accounts ?? accounts,
    packs: options.packs ?? packs,
    regions,
    now: clock(),
  });
  const simulator = await startSimulator({
    organization,
    clock,
    latencyMs,
    port,
    ...(host !== undefined && { host }),
  });
  scenario.arrange?.(simulator);
  const random = seededRandom(seed + 1);
  const timer =
    stepMs === 0 ? undefined : setInterval(() => evolve(organization, random, clock()), stepMs);
  return {
    ...simulator,
    async stop() {
      clearInterval(timer);
      await simulator.stop();
    },
  };
}
