import { benchmark } from '../benchmark.js';
import { startWorker } from '../processes.js';
import { figure, median } from '../statistics.js';
import { BUILDERS, type BuilderName } from './builders.js';
import type { Size } from './rows.js';
import type { Built } from './worker.js';

interface Builds {
  readonly size: Size;
  /** Of several rounds, each in a fresh process: the medians, and the longest of the stalls. */
  readonly built: Readonly<Record<BuilderName, Built>>;
}

const SIZE: Size = { packs: 50, accounts: 10_000 };
const ROUNDS = 3;

const TITLES: Readonly<Record<BuilderName, string>> = {
  columns: 'Columns, as the exporter keeps them',
  objects: 'An object for each account',
  rows: 'The rows of the SDK',
};

/** What it costs to keep what AWS reports. */
export const build = benchmark<Builds>({
  summary: 'columns built from the rows of the SDK, beside objects and beside the rows themselves',
  async measure(tell) {
    const measured = new Map<BuilderName, Built>();
    for (const name of Object.keys(BUILDERS) as BuilderName[]) {
      const built = await measureBuilder(name);
      tell(`${name}: ${figure(built.bytesPerPair, 1)} bytes a pair`);
      measured.set(name, built);
    }
    return { size: SIZE, built: Object.fromEntries(measured) as Builds['built'] };
  },
  present: ({ built, size }) => ({
    title: 'Building a snapshot',
    text: `${figure(size.packs)} packs × ${figure(size.accounts)} accounts arrive in pages of 100, unordered, and are
kept in memory. The stall is the longest time that building blocked the event loop in any of ${ROUNDS} rounds; memory
is what is still held after building and garbage collection, including account IDs and messages.`,
    tables: [
      {
        head: ['Kept as', 'Building', 'Longest stall', 'Memory a pair'],
        rows: (Object.entries(built) as [BuilderName, Built][]).map(([name, each]) => [
          TITLES[name],
          `${figure(each.buildMs)} ms`,
          `${figure(each.stallMs, 1)} ms`,
          `${figure(each.bytesPerPair)} bytes`,
        ]),
      },
    ],
    plots: [],
  }),
});

async function measureBuilder(name: BuilderName): Promise<Built> {
  const rounds: Built[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const worker = await startWorker(new URL('worker.ts', import.meta.url), {
      args: [name, JSON.stringify(SIZE)],
      flags: ['--expose-gc'],
    });
    rounds.push(worker.ready as Built);
  }
  const of = (field: keyof Built) => rounds.map((round) => round[field]);
  return {
    buildMs: median(of('buildMs')),
    stallMs: Math.max(...of('stallMs')),
    bytesPerPair: median(of('bytesPerPair')),
  };
}
