import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Transport } from '../../src/aws/source.js';
import { createCollector, type Collector } from '../../src/collector.js';
import { loadConfig } from '../../src/config/load.js';
import type { OptionName } from '../../src/config/options.js';
import type { Organization, OrganizationPack } from '../../src/simulator/organization.js';
import { createOrganization, type SeedOptions } from '../../src/simulator/seed.js';
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../src/simulator/server.js';
import { collect } from './collect.js';
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

/** The exporter's way from a simulated AWS to the exposition, with the real SDK over a socket. */
export function collectorOf(simulator: Simulator, input: CollectorInput = {}): TestCollector {
  const { accountId, clock = Date.now, file } = input;
  const flags: CollectorInput['flags'] = {
    ...FAST,
    ...(file === undefined ? { 'aws.region': REGION } : { 'config.file': 'exporter.yaml' }),
    ...input.flags,
  };
  const entries = Object.entries(flags) as [OptionName, string | readonly string[]][];
  const { config, problems } = loadConfig({
    flags: new Map(entries.map(([name, text]) => [name, [text].flat()])),
    environment: {},
    readFile: () => file ?? '',
  });
  if (config === undefined) throw new Error(JSON.stringify(problems));
  const collector = createCollector(config, {
    clock,
    logger: pino({ level: 'silent' }),
    version: '0.0.0',
    lifetime: 'running',
    aws: {
      endpoint: simulator.url,
      credentials: simulator.credentials(accountId ?? simulator.organization.managementAccountId),
      ...input.transport,
    },
  });
  onTestFinished(() => collector.destroy());
  return new TestCollector(collector);
}

export class TestCollector {
  readonly collector: Collector;

  constructor(collector: Collector) {
    this.collector = collector;
  }

  /** Refreshes all scopes once, side by side. */
  async refresh(): Promise<void> {
    const { signal } = new AbortController();
    await Promise.all(this.collector.refreshers.map((refresher) => refresher.refresh(signal)));
  }

  async scrape(format: 'text' | 'openmetrics' = 'text'): Promise<ParsedExposition> {
    return parseExposition(await this.text(format), format);
  }

  async text(format: 'text' | 'openmetrics' = 'text'): Promise<string> {
    return (await collect(this.collector.expose(format))).toString();
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
    return this.collector.store.state(0).lastRefresh?.failures[0]?.message ?? '';
  }
}
