import { writeHeapSnapshot } from 'node:v8';
import { pino } from 'pino';
import { createCollector } from '../../src/collector.js';
import { loadConfig } from '../../src/config/load.js';
import { REGION, type SimulatorReady } from '../simulated.js';

/** The exporter's way from AWS to the exposition, refreshed as often as it is asked to. */

/** What the process holds outside of its heap, in bytes. */
export interface HeldElsewhere {
  readonly buffers: number;
  readonly resident: number;
}

export type SoakQuestion =
  | 'refresh'
  /** Collect the garbage, write what is on the heap to a file of this name, and tell the rest. */
  | { readonly snapshot: string };

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
const { expose, refreshers, store } = createCollector(config, {
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
  void answer(question).then((found) => process.send?.(found));
});
process.send?.({});

async function answer(question: SoakQuestion): Promise<object> {
  if (question === 'refresh') return refresh();
  writeHeapSnapshot(question.snapshot);
  const { arrayBuffers, rss } = process.memoryUsage();
  const held: HeldElsewhere = { buffers: arrayBuffers, resident: rss };
  return held;
}

/** Reads everything once, all of which is to succeed, and renders it as for a scrape, in each encoding. */
async function refresh(): Promise<object> {
  const { scopes, sources } = refreshers;
  await Promise.all([...sources, ...scopes].map((refresher) => refresher.refresh(signal)));
  const read = [...store.sources, ...store.states.map(({ lastRefresh }) => lastRefresh)];
  const failures = read.flatMap((last) => last?.failures ?? []);
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  for (const encoding of ['identity', 'gzip'] as const) {
    let bytes = 0;
    for await (const chunk of expose('text', encoding)) bytes += chunk.length;
    if (bytes === 0) throw new Error('nothing is exposed');
  }
  return {};
}
