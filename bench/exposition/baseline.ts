import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { Gauge, Registry } from 'prom-client';

/**
 * What the exporter is held against, in a process of its own: it serves the very same exposition, which
 * stands in a file. Prints its URL once it listens.
 */

type Answer = (gzip: boolean, response: ServerResponse) => Promise<void> | void;

const BASELINES: Readonly<Record<string, (path: string) => Promise<Answer>>> = {
  /** Gauges of prom-client that live as long as the process, served as its documentation does. */
  'prom-client': promClient,
  /** Finished bytes, plain and compressed: the floor. */
  buffer,
};

/** At the level that the exporter uses, so that what is compared is the making of the text. */
const LEVEL = constants.Z_BEST_SPEED;

const [name = '', path = ''] = process.argv.slice(2);
const prepare = BASELINES[name];
if (prepare === undefined) throw new Error(`no baseline ${name}`);
const answer = await prepare(path);
const server = createServer((request, response) => {
  const gzip = request.headers['accept-encoding'] === 'gzip';
  if (gzip) response.setHeader('Content-Encoding', 'gzip');
  Promise.resolve(answer(gzip, response)).catch(() => response.destroy());
}).listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics\n`);

async function promClient(file: string): Promise<Answer> {
  const registry = new Registry();
  const gauges = new Map<string, Gauge>();
  for await (const line of createInterface(createReadStream(file))) {
    if (line === '' || line.startsWith('#')) continue;
    const { family, labels, value } = parseSample(line);
    let gauge = gauges.get(family);
    if (gauge === undefined) {
      const labelNames = Object.keys(labels);
      gauge = new Gauge({ name: family, help: family, labelNames, registers: [registry] });
      gauges.set(family, gauge);
    }
    gauge.set(labels, value);
  }
  return async (gzip, response) => {
    const text = await registry.metrics();
    if (!gzip) {
      response.end(text);
      return;
    }
    const compression = createGzip({ level: LEVEL, chunkSize: 256 * 1024 });
    await pipeline(Readable.from([text]), compression, response);
  };
}

async function buffer(file: string): Promise<Answer> {
  const plain = await readFile(file);
  const compressed = gzipSync(plain, { level: LEVEL });
  return (gzip, response) => {
    response.end(gzip ? compressed : plain);
  };
}

interface Sample {
  readonly family: string;
  readonly labels: Record<string, string>;
  readonly value: number;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

function parseSample(line: string): Sample {
  const [, family = '', text = '', value] = /^([\w:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const labels: Record<string, string> = {};
  for (const [, label = '', raw = ''] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[label] = raw.replace(/\\[n"\\]/g, (escape) => ESCAPES[escape] ?? escape);
  }
  return { family, labels, value: Number(value) };
}
