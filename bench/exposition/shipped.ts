import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { REGION, startSimulatedAws, type SimulatorSize } from '../simulated.js';
import { startProbed, type Probed } from './probed.js';

/** The exporter as it ships, reading a simulated AWS in another process. */
export interface Shipped extends Probed {
  /** Where the metrics are. */
  readonly url: string;
  /** Resolves when the next refresh has ended. */
  refreshed(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const FAILURE_EVERY = 100;

const FLAGS = [
  '--web.listen-address=127.0.0.1:0',
  `--aws.region=${REGION}`,
  '--accounts.series=active',
  '--samples.limit=0',
  '--refresh.requests-per-second=10000',
  '--log.format=json',
];

interface LogLine {
  readonly event?: string;
  readonly urls?: readonly string[];
}

/**
 * Starts it, and waits until it knows the packs and the accounts of the organization and has refreshed
 * once more.
 */
export async function startShipped(
  size: Omit<SimulatorSize, 'latencyMs'>,
  interval: string,
): Promise<Shipped> {
  if (!existsSync(MAIN)) throw new Error('there is no dist/main.js; run npm run build first');
  const aws = await startSimulatedAws({ ...size, latencyMs: 0, failureEvery: FAILURE_EVERY });
  const { credentials, url: endpoint } = aws.ready;
  const exporter = startProbed(MAIN, {
    args: [...FLAGS, `--refresh.interval=${interval}`],
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  });
  const logged = followLog(exporter.child);
  const refreshed = async () => {
    await logged('refreshed');
  };
  const [{ urls = [] }] = await Promise.all([logged('started'), logged('accounts_read')]);
  await refreshed();
  return {
    ...exporter,
    url: `${urls[0] ?? ''}metrics`,
    refreshed,
    async stop() {
      await exporter.stop();
      await aws.stop();
    },
  };
}

/** Resolves with the next line of an event, and rejects where the process ends before. */
function followLog(child: ChildProcess): (event: string) => Promise<LogLine> {
  if (child.stderr === null) throw new Error('the process has no log');
  const events = new EventEmitter();
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  createInterface(child.stderr).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const parsed = JSON.parse(line) as LogLine;
    if (parsed.event !== undefined) events.emit(parsed.event, parsed);
  });
  return async (event) => {
    const [line] = (await once(events, event, { signal: ended.signal })) as [LogLine];
    return line;
  };
}
