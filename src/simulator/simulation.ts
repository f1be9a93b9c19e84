import { evolve } from './evolve.js';
import { seededRandom } from './random.js';
import { SCENARIOS, type Scenario, type ScenarioName } from './scenarios.js';
import { roleOf } from './identities.js';
import type { Organization } from './organization.js';
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
  scenario.arrange?.(simulator, clock());
  const live = scenario.life ?? evolve;
  const random = seededRandom(seed + 1);
  const timer =
    stepMs === 0 ? undefined : setInterval(() => live(organization, random, clock()), stepMs);
  return {
    ...simulator,
    async stop() {
      clearInterval(timer);
      await simulator.stop();
    },
  };
}

/** An identity that has deployed packs. */
export interface Deployer {
  /** What the account is called. */
  readonly name: string;
  /** The role to assume; none for the management account, whose credentials are given out. */
  readonly roleArn?: string;
}

/** Everybody whose packs there are: the management account and each delegated administrator. */
export function deployersOf(organization: Organization): readonly Deployer[] {
  const { accounts, delegatedAdministrators, managementAccountId } = organization;
  const delegates = [...delegatedAdministrators].map((id) => ({
    name: accounts.get(id)?.name ?? id,
    roleArn: roleOf(id),
  }));
  return [{ name: accounts.get(managementAccountId)?.name ?? 'management' }, ...delegates];
}
