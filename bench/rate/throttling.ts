import { startSimulatedAws, type SimulatedAws, type SimulatorSize } from '../simulated.js';
import { refreshOnce } from '../refresh/refresh-once.js';
import { STRATEGIES, type Connection, type Strategy } from './strategies.js';

/** Two refreshes, one after the other, under a limit of the server that the client does not know. */
export interface ThrottlingMeasurement {
  readonly strategy: Strategy;
  readonly latencyMs: number;
  /** What the client is configured to. */
  readonly concurrency: number;
  readonly perSecond: number;
  /** What the server takes, from a bucket that holds so many. */
  readonly serverPerSecond: number;
  readonly burst: number;
  readonly packs: number;
  /** Finding the rate. */
  readonly first: ThrottledRefresh;
  /** Knowing it. */
  readonly second: ThrottledRefresh;
}

export interface ThrottledRefresh {
  /** What the calls take at the rate of the server, once the bucket is empty. */
  readonly floorMs: number;
  readonly wallMs: number;
  /** Share of the requests that the server refused. */
  readonly refused: number;
  readonly packsRead: number;
}

/** The defaults of the exporter. */
const SIZE: SimulatorSize = { packs: 20, accounts: 1_000, latencyMs: 200 };
const PAGE_SIZE = 100;
const CONCURRENCY = 4;
/** What is configured, and what the server takes of it: a part of the default, and far less of more. */
const RATES = [
  { perSecond: 5, serverPerSecond: [4, 2, 1] },
  { perSecond: 50, serverPerSecond: [2] },
  { perSecond: 1_000, serverPerSecond: [10] },
] as const;
/** Requests that the server takes at once when it has had time to rest. */
const BURST = 5;

export async function measureThrottling(
  tell: (line: string) => void,
): Promise<readonly ThrottlingMeasurement[]> {
  const measured: ThrottlingMeasurement[] = [];
  const strategies = Object.keys(STRATEGIES) as Strategy[];
  for (const { perSecond, serverPerSecond: servers } of RATES) {
    // Side by side, each with a server of its own: so few requests do not disturb each other.
    const together = servers.flatMap((serverPerSecond) =>
      strategies.map((strategy) => measure(strategy, perSecond, serverPerSecond)),
    );
    measured.push(...(await Promise.all(together)));
    const taken = servers.map((serverPerSecond) => `${serverPerSecond}/s`).join(', ');
    tell(`measured servers that take ${taken} of ${perSecond}/s`);
  }
  return measured;
}

async function measure(
  strategy: Strategy,
  perSecond: number,
  serverPerSecond: number,
): Promise<ThrottlingMeasurement> {
  const simulator = await startSimulatedAws(SIZE);
  await simulator.limit({ perSecond: serverPerSecond, burst: BURST });
  const connection = STRATEGIES[strategy]({
    simulator: simulator.ready,
    concurrency: CONCURRENCY,
    perSecond,
  });
  try {
    const first = await measureRefresh(simulator, connection, serverPerSecond, BURST);
    // Nobody gives the bucket the time to fill again.
    const second = await measureRefresh(simulator, connection, serverPerSecond, 0);
    return {
      strategy,
      latencyMs: SIZE.latencyMs,
      concurrency: CONCURRENCY,
      perSecond,
      serverPerSecond,
      burst: BURST,
      packs: SIZE.packs,
      first,
      second,
    };
  } finally {
    connection.destroy();
    await simulator.stop();
  }
}

async function measureRefresh(
  simulator: SimulatedAws,
  { api }: Connection,
  serverPerSecond: number,
  atOnce: number,
): Promise<ThrottledRefresh> {
  await simulator.count();
  const { packsRead, wallMs } = await refreshOnce(api, PAGE_SIZE, CONCURRENCY);
  const { refused, requests } = await simulator.count();
  // Of a refresh that lost packs, only what it has read counts.
  const floorMs = ((requests - refused - atOnce) / serverPerSecond) * 1000;
  return {
    floorMs: Math.round(floorMs),
    wallMs: Math.round(wallMs),
    refused: refused / requests,
    packsRead,
  };
}
