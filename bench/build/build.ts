import { benchmark } from '../benchmark.js';
import { startWorker } from '../processes.js';
import { figure, median } from '../statistics.js';
import type { BuilderName } from './builders.js';
import type { Condition, Size } from './rows.js';
import type { Built } from './worker.js';

interface Builds {
  readonly size: Size;
  /** Of several rounds, each in a fresh process: the medians, and the longest of the stalls. */
  readonly built: Readonly<Record<CaseName, Built>>;
}

const SIZE: Size = { packs: 50, accounts: 10_000 };
const ROUNDS = 3;

interface Case {
  readonly title: string;
  readonly builder: BuilderName;
  readonly condition: Condition;
}

const CASES = {
  columns: {
    title: 'Columns, as the exporter keeps them',
    builder: 'columns',
    condition: 'usual',
  },
  objects: { title: 'An object for each account', builder: 'objects', condition: 'usual' },
  rows: { title: 'The rows of the SDK', builder: 'rows', condition: 'usual' },
  columnsFailed: {
    title: 'Columns, all failed, a message of 112 characters each',
    builder: 'columns',
    condition: 'failed',
  },
  objectsFailed: { title: 'Objects, failed alike', builder: 'objects', condition: 'failed' },
  rowsFailed: { title: 'Rows, failed alike', builder: 'rows', condition: 'failed' },
} as const satisfies Readonly<Record<string, Case>>;
type CaseName = keyof typeof CASES;

/** What it costs to keep what AWS reports. */
export const build = benchmark<Builds>({
  summary: 'columns built from the rows of the SDK, beside objects and beside the rows themselves',
  async measure(tell) {
    const measured = new Map<CaseName, Built>();
    for (const name of Object.keys(CASES) as CaseName[]) {
      const built = await measureCase(CASES[name]);
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
        rows: (Object.entries(built) as [CaseName, Built][]).map(([name, each]) => [
          CASES[name].title,
          `${figure(each.buildMs)} ms`,
          `${figure(each.stallMs, 1)} ms`,
          `${figure(each.bytesPerPair)} bytes`,
        ]),
      },
    ],
    plots: [],
  }),
});

async function measureCase({ builder, condition }: Case): Promise<Built> {
  const rounds: Built[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const worker = await startWorker(new URL('worker.ts', import.meta.url), {
      args: [builder, condition, JSON.stringify(SIZE)],
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
