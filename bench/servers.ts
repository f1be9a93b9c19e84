import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { pino } from 'pino';
import { Gauge, Registry } from 'prom-client';
import { createApp } from '../src/http/app.js';
import { listen } from '../src/http/server.js';
import { createExposition } from '../src/metrics/exposition.js';
import { PREFIX } from '../src/metrics/pack-families.js';
import { PACK_LABELS } from '../src/metrics/pack-view.js';
import { SelfMetrics } from '../src/metrics/self-metrics.js';
import { Views } from '../src/metrics/view.js';
import { Store } from '../src/refresh/store.js';
import { createStatusReader } from '../src/status/status.js';
import { packName, packsOf, reportsOf, type Size } from './organization.js';

const SCOPE = { source: 'default', region: 'eu-west-1' };

/** The implementations that are held against each other. Each resolves with its URL. */
export const IMPLEMENTATIONS = {
  /** The exporter as it ships, from the store to the socket. */
  exporter: serveExporter,
  /** Gauges of prom-client that live as long as the process, served as its documentation does. */
  'prom-client': servePromClient,
  /** The finished text as one buffer: the floor. */
  buffer: serveBuffer,
} as const;
export type Implementation = keyof typeof IMPLEMENTATIONS;

function exporterOf(size: Size) {
  const packs = packsOf(size);
  const store = new Store([{ scope: SCOPE, expectedPacks: [] }]);
  const listed = new Set(packs.map(({ name }) => name));
  const refresh = { endedAt: Date.now(), durationMs: 0, successful: true, failures: [] };
  store.complete(0, refresh, { listedAt: Date.now(), listed, packs });
  const views = new Views(store, {
    series: 'active',
    age: 'auto',
    samplesLimit: 0,
    maxStalenessMs: 0,
    accountsMaxStalenessMs: 0,
    tellsAccounts: true,
    live: true,
  });
  const { registry } = new SelfMetrics({
    store,
    view: () => views.last,
    version: '0.0.0',
    startedAt: Date.now(),
    settings: {
      refreshIntervalMs: 300_000,
      sweepIntervalMs: 300_000,
      samplesLimit: 0,
      readsAccounts: true,
    },
    lifetime: 'running',
    processMetrics: true,
  });
  return {
    exposition: createExposition({ views, registry, clock: Date.now }).expose,
    status: createStatusReader({
      store,
      views,
      shard: { index: 0, total: 1 },
      version: '0.0.0',
      clock: Date.now,
    }),
  };
}

async function serveExporter(size: Size): Promise<string> {
  const app = createApp({
    ...exporterOf(size),
    isReady: () => true,
    reload: () => Promise.resolve({ successful: true, message: '' }),
    version: '0.0.0',
    telemetryPath: '/metrics',
    routePrefix: '/',
    linkPrefix: '',
    maxRequests: 0,
    logger: pino({ level: 'silent' }),
  });
  const { url } = await listen(app, { host: '127.0.0.1', port: 0 });
  return `${url}/metrics`;
}

function servePromClient(size: Size): Promise<string> {
  const registry = new Registry();
  const labels = [...PACK_LABELS, 'account_id'];
  const gauge = (name: string, labelNames: string[]) =>
    new Gauge({ name: `${PREFIX}_${name}`, help: name, labelNames, registers: [registry] });
  const status = gauge('account_status', [...labels, 'status']);
  const updated = gauge('account_last_update_timestamp_seconds', labels);
  const error = gauge('account_error', [...labels, 'error_code']);
  for (let pack = 0; pack < size.packs; pack++) {
    for (const report of reportsOf(pack, size)) {
      const own = {
        source: SCOPE.source,
        aws_region: SCOPE.region,
        conformance_pack: packName(pack),
        account_id: report.accountId,
      };
      status.set({ ...own, status: report.status }, 1);
      updated.set(own, (report.updatedAt ?? 0) / 1000);
      if (report.errorCode !== undefined) error.set({ ...own, error_code: report.errorCode }, 1);
    }
  }
  return serve(async (gzip, response) => {
    const text = await registry.metrics();
    if (gzip) await compress([text], response);
    else response.end(text);
  });
}

async function serveBuffer(size: Size): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of exporterOf(size).exposition('text', 'identity'))
    chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  chunks.length = 0;
  return serve(async (gzip, response) => {
    if (gzip) await compress([bytes], response);
    else response.end(bytes);
  });
}

/** At the level that the exporter uses, so that what is compared is the making of the text. */
async function compress(parts: Iterable<string | Buffer>, response: ServerResponse): Promise<void> {
  response.setHeader('Content-Encoding', 'gzip');
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 });
  await pipeline(Readable.from(parts), gzip, response);
}

async function serve(
  answer: (gzip: boolean, response: ServerResponse) => Promise<void>,
): Promise<string> {
  const listener: RequestListener = (request, response) => {
    const gzip = request.headers['accept-encoding'] === 'gzip';
    answer(gzip, response).catch(() => response.destroy());
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}
