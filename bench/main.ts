import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Ready, Report } from './child.js';
import type { Size } from './organization.js';
import { IMPLEMENTATIONS, type Implementation } from './servers.js';

/**
 * What a scrape costs: the exporter beside gauges of prom-client and beside a finished buffer, each
 * in a process of its own, one after the other in one run. Prints a line of JSON for each, and one
 * with the ratios for each size.
 */

const SIZES: readonly Size[] = [
  { packs: 1, accounts: 1_000 },
  { packs: 50, accounts: 1_000 },
  { packs: 50, accounts: 10_000 },
];
const ROUNDS = 5;
/** prom-client needs some three gigabytes for the largest size; Node.js allows fewer by default. */
const HEAP = '--max-old-space-size=8192';

interface Measurement {
  readonly implementation: Implementation;
  readonly pairs: number;
  readonly samples: number;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Medians over the rounds, from the request to the last byte of the answer. */
  readonly plainMs: number;
  readonly gzipMs: number;
  readonly stallMs: number;
  readonly peakMemoryMb: number;
}

for (const size of SIZES) {
  const measured = new Map<Implementation, Measurement>();
  for (const implementation of Object.keys(IMPLEMENTATIONS) as Implementation[]) {
    const measurement = await measure(implementation, size);
    measured.set(implementation, measurement);
    print(measurement);
  }
  const ours = measured.get('exporter');
  const baseline = measured.get('prom-client');
  const floor = measured.get('buffer');
  if (ours === undefined || baseline === undefined || floor === undefined) continue;
  print({
    pairs: ours.pairs,
    plainFasterThanPromClient: baseline.plainMs / ours.plainMs,
    gzipFasterThanPromClient: baseline.gzipMs / ours.gzipMs,
    plainSlowerThanBuffer: ours.plainMs / floor.plainMs,
    gzipSlowerThanBuffer: ours.gzipMs / floor.gzipMs,
  });
}

async function measure(implementation: Implementation, size: Size): Promise<Measurement> {
  const child = fork(
    fileURLToPath(new URL('child.ts', import.meta.url)),
    [implementation, String(size.packs), String(size.accounts)],
    { execArgv: ['--import', 'tsx', HEAP] },
  );
  try {
    const [{ url }] = (await once(child, 'message')) as [Ready];
    const text = await body(url, 'identity');
    const compressed = await body(url, 'gzip');
    if (gunzipSync(compressed).length < text.length * 0.99) throw new Error('gzip lost something');
    await ask(child, 'reset');
    const plain = await times(url, 'identity');
    const gzip = await times(url, 'gzip');
    const { peakMemoryMb, stallMs } = await ask<Report>(child, 'report');
    return {
      implementation,
      pairs: size.packs * size.accounts,
      samples: countSamples(text),
      bytes: text.length,
      gzipBytes: compressed.length,
      plainMs: median(plain),
      gzipMs: median(gzip),
      stallMs,
      peakMemoryMb,
    };
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

async function ask<Answer>(child: ChildProcess, question: string): Promise<Answer> {
  const answer = once(child, 'message');
  child.send(question);
  const [message] = (await answer) as [Answer];
  return message;
}

type Encoding = 'identity' | 'gzip';

async function request(url: string, encoding: Encoding): Promise<IncomingMessage> {
  const sent = get(url, { headers: { 'accept-encoding': encoding }, agent: false });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

async function body(url: string, encoding: Encoding): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await request(url, encoding)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Milliseconds of each round. What arrives is not kept: the client is not what is measured. */
async function times(url: string, encoding: Encoding): Promise<readonly number[]> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const response = await request(url, encoding);
    response.resume();
    await once(response, 'end');
    rounds.push(performance.now() - startedAt);
  }
  return rounds;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
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

function print(line: object): void {
  const rounded = Object.entries(line).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'number' ? Math.round(value * 10) / 10 : value,
  ]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}
