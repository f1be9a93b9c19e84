import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { median } from '../statistics.js';
import { startProbed, type Cost, type Probed } from './probed.js';
import { scrape, timeScrape } from './scrape.js';
import { startShipped } from './shipped.js';

export type Implementation = 'exporter' | 'prom-client' | 'buffer';

/** Scrapes of one implementation. */
export interface Scrapes extends Cost {
  /** Medians, from the request to the last byte of the answer. */
  readonly plainMs: number;
  readonly gzipMs: number;
}

/** One size of an organization, with what serves its exposition. */
export interface ExpositionMeasurement {
  readonly packs: number;
  readonly accounts: number;
  readonly samples: number;
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly scrapes: Readonly<Record<Implementation, Scrapes>>;
  /** The exporter over one whole refresh, under scrapes. */
  readonly refresh: Cost;
}

export interface ExpositionSize {
  readonly packs: number;
  readonly accounts: number;
  /** Long enough that scrapes are measured while nothing is refreshed. */
  readonly interval: string;
}

const ROUNDS = 7;
/** prom-client needs some three gigabytes for the largest size; Node.js allows fewer by default. */
const HEAP = '--max-old-space-size=8192';
const BASELINE = fileURLToPath(new URL('baseline.ts', import.meta.url));
/** More often than anybody scrapes so much. */
const PAUSE_MS = 5_000;

export async function measureExposition(size: ExpositionSize): Promise<ExpositionMeasurement> {
  const folder = await mkdtemp(join(tmpdir(), 'exposition-'));
  try {
    const file = join(folder, 'exposition.txt');
    const exporter = await measureExporter(size, file);
    const promClient = await measureBaseline('prom-client', file);
    const buffer = await measureBaseline('buffer', file);
    const { refresh, scrapes, ...text } = exporter;
    const { accounts, packs } = size;
    return {
      packs,
      accounts,
      ...text,
      scrapes: { exporter: scrapes, 'prom-client': promClient, buffer },
      refresh,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureExporter({ accounts, interval, packs }: ExpositionSize, file: string) {
  const exporter = await startShipped({ accounts, packs }, interval);
  try {
    const plain = await scrape(exporter.url, 'identity');
    const compressed = await scrape(exporter.url, 'gzip');
    if (gunzipSync(compressed).length < plain.length * 0.99) throw new Error('gzip lost something');
    const { bytes, samples } = { bytes: plain.length, samples: countSamples(plain) };
    const written = createWriteStream(file).end(plain);
    await once(written, 'finish');
    const scrapes = await measureScrapes(exporter, exporter.url);
    const refresh = await measureRefresh(exporter);
    return { bytes, gzipBytes: compressed.length, samples, scrapes, refresh };
  } finally {
    await exporter.stop();
  }
}

/** Scrapes now and then until a refresh has begun and ended. */
async function measureRefresh(
  exporter: Probed & { readonly url: string; refreshed(): Promise<void> },
): Promise<Cost> {
  await exporter.reset();
  const over = new AbortController();
  const refreshed = exporter.refreshed().finally(() => over.abort());
  while (!over.signal.aborted) {
    await timeScrape(exporter.url, 'identity');
    await timeScrape(exporter.url, 'gzip');
    await delay(PAUSE_MS);
  }
  await refreshed;
  // What was read is made ready behind the refresh; a scrape waits for it.
  await timeScrape(exporter.url, 'identity');
  await timeScrape(exporter.url, 'gzip');
  return exporter.cost();
}

async function measureBaseline(name: Implementation, file: string): Promise<Scrapes> {
  const flags = ['--import', 'tsx', HEAP];
  const baseline = startProbed(BASELINE, { args: [name, file], flags });
  try {
    const { stdout } = baseline.child;
    if (stdout === null) throw new Error('the baseline says nothing');
    const [url] = (await once(createInterface(stdout), 'line')) as [string];
    await scrape(url, 'identity');
    await scrape(url, 'gzip');
    return await measureScrapes(baseline, url);
  } finally {
    await baseline.stop();
  }
}

async function measureScrapes(process: Probed, url: string): Promise<Scrapes> {
  await process.reset();
  const plain: number[] = [];
  const gzip: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(await timeScrape(url, 'identity'));
    gzip.push(await timeScrape(url, 'gzip'));
  }
  return { plainMs: median(plain), gzipMs: median(gzip), ...(await process.cost()) };
}

function countSamples(text: Buffer): number {
  const NEWLINE = 0x0a;
  const COMMENT = 0x23;
  let samples = 0;
  for (let start = 0; start < text.length; start = text.indexOf(NEWLINE, start) + 1) {
    if (text[start] !== COMMENT) samples++;
  }
  return samples;
}
