import { benchmark } from '../benchmark.js';
import { startWorker } from '../processes.js';
import { startSimulatedAws } from '../simulated.js';
import { figure, fitLine } from '../statistics.js';
import type { Held, SoakQuestion } from './worker.js';

interface Soak {
  readonly packs: number;
  readonly accounts: number;
  readonly refreshes: number;
  /** Refreshes after which growth counts. */
  readonly warmUp: number;
  /** What was held after how many refreshes. */
  readonly held: readonly (Held & { readonly refresh: number })[];
}

const SIZE = { packs: 20, accounts: 200 };
const REFRESHES = 2_000;
const WARM_UP = 100;
const LOOK_EVERY = 20;

/** Whether memory grows with the number of refreshes. */
export const soak = benchmark<Soak>({
  summary: '2,000 refreshes of an organization that changes all the time; whether the heap grows',
  async measure(tell) {
    const aws = await startSimulatedAws({ ...SIZE, latencyMs: 0 });
    const worker = await startWorker(new URL('worker.ts', import.meta.url), {
      args: [JSON.stringify(aws.ready)],
      flags: ['--expose-gc'],
    });
    const ask = <Answer>(question: SoakQuestion) => worker.ask<Answer>(question);
    const held: (Held & { refresh: number })[] = [];
    try {
      for (let refresh = 1; refresh <= REFRESHES; refresh++) {
        await aws.churn();
        await ask('refresh');
        if (refresh % LOOK_EVERY === 0) held.push({ refresh, ...(await ask<Held>('held')) });
        if (refresh % 500 === 0) tell(`${figure(refresh)} refreshes`);
      }
    } finally {
      await worker.stop();
      await aws.stop();
    }
    return { ...SIZE, refreshes: REFRESHES, warmUp: WARM_UP, held };
  },
  present({ accounts, held, packs, refreshes, warmUp }) {
    const counted = held.filter(({ refresh }) => refresh > warmUp);
    const growth = (bytes: (held: Held) => number) => {
      const points = counted.map((each) => [each.refresh, bytes(each)] as const);
      const { slope, slopeError } = fitLine(points);
      return [
        `${figure((points[0]?.[1] ?? NaN) / 1e6, 2)} MB`,
        `${figure((points.at(-1)?.[1] ?? NaN) / 1e6, 2)} MB`,
        `${figure(slope)} ± ${figure(slopeError)} bytes`,
      ];
    };
    return {
      title: 'Thousands of refreshes',
      text: `${figure(refreshes)} refreshes one after the other, each scraped plain and compressed, of an
organization of ${packs} packs × ${accounts} accounts in which at each step an account leaves and another
joins, a pack goes and another comes, and in a tenth of the accounts a pack fails or is mended, with a
message and an error code that were never seen before. After every ${LOOK_EVERY} refreshes the garbage is
collected and what is left is counted. The slope is that of a straight line through all counts after the
first ${warmUp} refreshes, with its standard error.`,
      tables: [
        {
          head: ['Held', 'At first', 'At last', 'Slope, a refresh'],
          rows: [
            ['Heap', ...growth(({ heap }) => heap)],
            ['Buffers', ...growth(({ arrayBuffers }) => arrayBuffers)],
            ['Resident memory', ...growth(({ resident }) => resident)],
          ],
        },
      ],
      plots: [],
    };
  },
});
