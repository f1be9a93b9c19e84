import { startSimulatedAws } from '../simulated.js';
import { refreshOnce } from './refresh-once.js';
import { STRATEGIES } from '../rate/strategies.js';

/** A refresh, held against the least time that its calls can take. */
export interface FloorMeasurement {
  readonly calls: number;
  readonly latencyMs: number;
  readonly concurrency: number;
  readonly perSecond: number;
  readonly floorMs: number;
  readonly wallMs: number;
}

const LATENCY_MS = 100;
/** In one, latency decides; in the other, the rate. */
const LIMITS = [
  { concurrency: 4, perSecond: 10_000 },
  { concurrency: 8, perSecond: 50 },
] as const;
const PAGE_SIZE = 50;

/**
 * As many calls as 100, 1,000 and 10,000: two listings, and pages of all packs. The pages of one pack can
 * only be read one after the other, so there are more packs than calls in flight.
 */
const SIZES = [
  { packs: 49, accounts: 2 * PAGE_SIZE },
  { packs: 50, accounts: 20 * PAGE_SIZE },
  { packs: 50, accounts: 200 * PAGE_SIZE },
] as const;

export async function measureFloors(
  tell: (line: string) => void,
): Promise<readonly FloorMeasurement[]> {
  // Once for nothing: a process that has just started is slow, and refreshes happen all day.
  await measure(SIZES[0], LIMITS[0]);
  const measured: FloorMeasurement[] = [];
  for (const size of SIZES) {
    for (const limits of LIMITS) {
      const measurement = await measure(size, limits);
      tell(`${measurement.calls} calls: ${measurement.wallMs} ms, floor ${measurement.floorMs} ms`);
      measured.push(measurement);
    }
  }
  return measured;
}

async function measure(
  { accounts, packs }: (typeof SIZES)[number],
  { concurrency, perSecond }: (typeof LIMITS)[number],
): Promise<FloorMeasurement> {
  const simulator = await startSimulatedAws({ accounts, packs, latencyMs: LATENCY_MS });
  const limits = { simulator: simulator.ready, concurrency, perSecond };
  const { api, destroy } = STRATEGIES.exporter(limits);
  try {
    const { packsRead, wallMs } = await refreshOnce(api, PAGE_SIZE, concurrency);
    if (packsRead !== packs) throw new Error('a refresh lost something');
    const calls = 2 + (packs * accounts) / PAGE_SIZE;
    const floorMs = Math.max((calls * LATENCY_MS) / concurrency, (calls / perSecond) * 1000);
    return {
      calls,
      latencyMs: LATENCY_MS,
      concurrency,
      perSecond,
      floorMs: Math.round(floorMs),
      wallMs: Math.round(wallMs),
    };
  } finally {
    destroy();
    await simulator.stop();
  }
}
