import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { createCollector } from '../../src/collector.js';
import { loadConfig } from '../../src/config/load.js';
import { REGION, type SimulatorReady } from '../simulated.js';

/** The exporter's way from AWS to the exposition, refreshed as often as it is asked to. */

/** What the process holds once the garbage is collected, in bytes. */
export interface Held {
  readonly heap: number;
  readonly arrayBuffers: number;
  readonly resident: number;
}

export type SoakQuestion = 'refresh' | 'held';

const simulator = JSON.parse(process.argv[2] ?? '') as SimulatorReady;
const { config, problems } = loadConfig({
  flags: new Map([
    ['aws.region', [REGION]],
    ['refresh.requests-per-second', ['10000']],
    ['refresh.sweep-every', ['3']],
  ]),
  environment: {},
  readFile: () => '',
});
if (config === undefined) throw new Error(JSON.stringify(problems));
const { expose, refreshers } = createCollector(config, {
  clock: Date.now,
  logger: pino({ level: 'silent' }),
  version: '0.0.0',
  lifetime: 'running',
  aws: {
    endpoint: simulator.url,
    credentials: simulator.credentials,
    organizationsPerSecond: 10_000,
  },
});
const { signal } = new AbortController();

process.on('disconnect', () => process.exit());
process.on('message', (question: SoakQuestion) => {
  void (question === 'refresh' ? refresh() : held()).then((answer) => process.send?.(answer));
});
process.send?.({});

/** Reads everything once, and scrapes it in each format. */
async function refresh(): Promise<object> {
  const { scopes, sources } = refreshers;
  await Promise.all([...sources, ...scopes].map((refresher) => refresher.refresh(signal)));
  for (const encoding of ['identity', 'gzip'] as const) {
    for await (const chunk of expose('text', encoding)) if (chunk.length === 0) break;
  }
  return {};
}

async function held(): Promise<Held> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await setImmediate();
  }
  const { arrayBuffers, heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, arrayBuffers, resident: rss };
}
