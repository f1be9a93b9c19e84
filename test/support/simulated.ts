import { onTestFinished } from 'vitest';
import type { Transport } from '../../src/aws/source.js';
import { createCollector, type Collector } from '../../src/collector.js';
import { loadConfig, type Config } from '../../src/config/load.js';
import type { OptionName } from '../../src/config/options.js';
import type { Organization, OrganizationPack } from '../../src/simulator/organization.js';
import { createOrganization, type SeedOptions } from '../../src/simulator/seed.js';
import { SCENARIOS, type ScenarioName } from '../../src/simulator/scenarios.js';
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../src/simulator/server.js';
import { collect } from './collect.js';
import { collectingLogger } from './logged.js';
import { parseExposition, type ParsedExposition } from './parse-exposition.js';

export const REGION = 'eu-west-1';

export function organizationOf(size: Partial<SeedOptions> = {}): Organization {
  return createOrganization({
    seed: 1,
    accounts: 5,
    packs: 2,
    regions: [REGION],
    now: Date.now(),
    ...size,
  });
}

/** The pack that the seed makes first in a Region. */
export function firstPack(organization: Organization, region = REGION): OrganizationPack {
  const pack = organization.packs.find((candidate) => candidate.region === region);
  if (pack === undefined) throw new Error(`no pack in ${region}`);
  return pack;
}

/** A simulator that lives as long as the test. */
export async function simulated(
  organization: Organization = organizationOf(),
  options: Partial<SimulatorOptions> = {},
): Promise<Simulator> {
  const simulator = await startSimulator({ organization, clock: Date.now, ...options });
  onTestFinished(() => simulator.stop());
  return simulator;
}

/** A simulator that plays a scenario, one step at a time, as long as the test lasts. */
export async function playing(
  name: ScenarioName,
  size: Partial<SeedOptions> = {},
): Promise<Simulator> {
  const scenario = SCENARIOS[name];
  const simulator = await simulated(organizationOf({ ...scenario.size, ...size }));
  scenario.arrange?.(simulator, Date.now());
  return simulator;
}

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface CollectorInput {
  readonly flags?: Partial<Record<OptionName, string | readonly string[]>>;
  /** Text of the configuration file. */
  readonly file?: string;
  /** Whose credentials; those of the management account by default. */
  readonly accountId?: string;
  readonly clock?: () => number;
  readonly transport?: Partial<Transport>;
}

const FAST = { 'refresh.requests-per-second': '10000' } as const;

/** The configuration that flags and a file come to. */
export function configOf({ file, flags }: Pick<CollectorInput, 'file' | 'flags'>): Config {
  const given = {
    ...FAST,
    ...(file === undefined ? { 'aws.region': REGION } : { 'config.file': 'exporter.yaml' }),
    ...flags,
  };
  const entries = Object.entries(given) as [OptionName, string | readonly string[]][];
  const { config, problems } = loadConfig({
    flags: new Map(entries.map(([name, text]) => [name, [text].flat()])),
    environment: {},
    readFile: () => file ?? '',
  });
  if (config === undefined) throw new Error(JSON.stringify(problems));
  return config;
}

/** The exporter's way from a simulated AWS to the exposition, with the real SDK over a socket. */
export function collectorOf(simulator: Simulator, input: CollectorInput = {}): TestCollector {
  const { accountId, clock = Date.now } = input;
  const { logger, lines } = collectingLogger();
  const collector = createCollector(configOf(input), {
    clock,
    logger,
    version: '0.0.0',
    lifetime: 'running',
    aws: {
      endpoint: simulator.url,
      credentials: simulator.credentials(accountId ?? simulator.organization.managementAccountId),
      organizationsPerSecond: 10_000,
      ...input.transport,
    },
  });
  onTestFinished(() => collector.destroy());
  return new TestCollector(collector, lines);
}

export class TestCollector {
  readonly collector: Collector;

  readonly #log: readonly LogLine[];

  constructor(collector: Collector, log: readonly LogLine[]) {
    this.collector = collector;
    this.#log = log;
  }

  /** The lines of an event so far. */
  logged(event: string): readonly LogLine[] {
    return this.#log.filter((line) => line['event'] === event);
  }

  /** Refreshes all scopes once, side by side, and takes the sources for tried. */
  async refresh(): Promise<void> {
    const { signal } = new AbortController();
    const { scopes, sources } = this.collector.refreshers;
    await Promise.all(scopes.map((refresher) => refresher.refresh(signal)));
    for (const { name } of sources) this.collector.store.learn(name, { tried: true });
  }

  /** Goes on with another configuration, while nothing is under way. */
  async reconfigure(config: Config): Promise<void> {
    await this.collector.reconfigure(config, () => Promise.resolve());
  }

  /** Finds out once what there is to know of each source beside its packs. */
  async refreshSources(): Promise<void> {
    const { signal } = new AbortController();
    const { sources } = this.collector.refreshers;
    await Promise.all(sources.map((refresher) => refresher.refresh(signal)));
  }

  /** Refreshes everything once, and scrapes. */
  async look(): Promise<ParsedExposition> {
    await this.refreshSources();
    await this.refresh();
    return this.scrape();
  }

  async scrape(format: 'text' | 'openmetrics' = 'text'): Promise<ParsedExposition> {
    return parseExposition(await this.text(format), format);
  }

  async text(format: 'text' | 'openmetrics' = 'text'): Promise<string> {
    return (await collect(this.collector.expose(format, 'identity'))).toString();
  }

  /** Why the last refresh of each scope was not wholly successful: `reason` by Region. */
  get failures(): Record<string, string[]> {
    return Object.fromEntries(
      this.collector.store.states.map(({ lastRefresh, scope }) => [
        scope.region,
        (lastRefresh?.failures ?? []).map(({ reason }) => reason),
      ]),
    );
  }

  /** What the last refresh says about its first failure. */
  get message(): string {
    const failure = this.collector.store.state(0).lastRefresh?.failures[0];
    return [failure?.message, failure?.advice].join('\n');
  }
}
