import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchmark } from '../benchmark.js';
import { startWorker } from '../processes.js';
import { startSimulatedAws } from '../simulated.js';
import { figure, fitLine } from '../statistics.js';
import { readHeapShares, type HeapShares } from './heap-snapshot.js';
import type { HeldElsewhere, SoakQuestion } from './worker.js';

/** What the process held after so many refreshes. */
interface Look extends HeapShares, HeldElsewhere {
  readonly refresh: number;
}

interface Soak {
  readonly packs: number;
  readonly accounts: number;
  /** In their order. */
  readonly looks: readonly Look[];
}

const SIZE = { packs: 20, accounts: 200 };
const REFRESHES = 5_000;
/** From which on growth counts. */
const WARM_UP = 100;
const LOOK_EVERY = 50;
/** V8 drops the code that only the start needs, and what that code holds, over the first looks. */
const LOOKS_BEFORE: readonly number[] = [25, 50, 75];

/** Whether memory grows with the number of refreshes. */
export const soak = benchmark<Soak>({
  summary: '5,000 refreshes of an organization that changes all the time; whether the heap grows',
  async measure(tell) {
    const folder = await mkdtemp(join(tmpdir(), 'soak-'));
    const aws = await startSimulatedAws({ ...SIZE, latencyMs: 0 });
    const worker = await startWorker(new URL('worker.ts', import.meta.url), {
      args: [JSON.stringify(aws.ready)],
    });
    const ask = <Answer>(question: SoakQuestion) => worker.ask<Answer>(question);
    const look = async (refresh: number): Promise<Look> => {
      const snapshot = join(folder, 'snapshot');
      const elsewhere = await ask<HeldElsewhere>({ snapshot });
      return { refresh, ...(await readHeapShares(snapshot)), ...elsewhere };
    };
    const looks: Look[] = [];
    try {
      for (let refresh = 1; refresh <= REFRESHES; refresh++) {
        await aws.churn();
        await ask('refresh');
        if (LOOKS_BEFORE.includes(refresh)) await look(refresh);
        if (refresh >= WARM_UP && refresh % LOOK_EVERY === 0) looks.push(await look(refresh));
        if (refresh % 500 === 0) tell(`${figure(refresh)} refreshes`);
      }
    } finally {
      await worker.stop();
      await aws.stop();
      await rm(folder, { recursive: true });
    }
    return { ...SIZE, looks };
  },
  present({ accounts, looks, packs }) {
    const first = looks[0]?.refresh ?? NaN;
    const last = looks.at(-1)?.refresh ?? NaN;
    return {
      title: 'Thousands of refreshes',
      text: `${figure(last)} refreshes one after the other of an organization of ${packs} packs × ${accounts} accounts that
is never the same and never larger; after each, the exposition is rendered plain and compressed, without a
socket. At each step an account leaves and another joins, a pack goes and another comes, which are never
those of the half that stays for good; and in every other pack a twentieth of the accounts fail, with an
error code and messages that were never seen before, while as many are mended.

After every ${figure(LOOK_EVERY)} refreshes the garbage is collected, and V8 lists what is left on the heap. What the
program has put there is told apart from what V8 keeps in order to run it. That is compiled code above all:
a function is compiled once it has run often enough, which takes those that run a few times a refresh a
thousand refreshes and more. Slopes are those of straight lines through all counts from refresh ${figure(first)}
on, and through those of the second half, with their standard errors. The resident memory includes what
the listing takes.`,
      tables: [
        {
          head: [
            'Held',
            `After ${figure(first)} refreshes`,
            `After ${figure(last)}`,
            'Slope, a refresh',
            'The same, second half',
          ],
          rows: HELD.map(({ name, ...quantity }) => [name, ...growth(looks, quantity)]),
        },
      ],
      plots: [],
    };
  },
});

/** Something that is held, and how it is written. */
interface Quantity {
  readonly of: (look: Look) => number;
  readonly total: (value: number) => string;
  /** Of a slope, or of its error. */
  readonly change: (value: number) => string;
}

const count = {
  total: (things: number) => figure(things),
  change: (things: number) => figure(things, 3),
};

const size = {
  total: (bytes: number) => `${figure(bytes / 1e6, 2)} MB`,
  change: (bytes: number) => figure(bytes),
};

const HELD: readonly (Quantity & { readonly name: string })[] = [
  { name: 'Objects, arrays, strings, functions', of: ({ program }) => program.things, ...count },
  { name: 'Bytes of these', of: ({ program }) => program.bytes, ...size },
  { name: 'Bytes of what V8 keeps', of: ({ engine }) => engine.bytes, ...size },
  { name: 'Heap', of: ({ engine, program }) => engine.bytes + program.bytes, ...size },
  { name: 'Buffers', of: ({ buffers }) => buffers, ...size },
  { name: 'Resident memory', of: ({ resident }) => resident, ...size },
];

function growth(looks: readonly Look[], { change, of, total }: Quantity): readonly string[] {
  const slopeOf = (some: readonly Look[]) => {
    const { slope, slopeError } = fitLine(some.map((look) => [look.refresh, of(look)] as const));
    return `${change(slope)} ± ${change(slopeError)}`;
  };
  const ends = [looks[0], looks.at(-1)].map((look) => (look ? total(of(look)) : ''));
  return [...ends, slopeOf(looks), slopeOf(looks.slice(-looks.length / 2))];
}
