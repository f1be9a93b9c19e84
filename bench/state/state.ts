import { benchmark } from '../benchmark.js';
import type { Size } from '../build/rows.js';
import { startWorker } from '../processes.js';
import { figure } from '../statistics.js';
import { KEEPERS, type KeeperName } from './keepers.js';
import type { Kept } from './worker.js';

interface States {
  readonly size: Size;
  readonly kept: Readonly<Record<KeeperName, Kept>>;
}

const SIZE: Size = { packs: 50, accounts: 10_000 };

const TITLES: Readonly<Record<KeeperName, string>> = {
  exporter: 'The state file',
  json: 'Compressed JSON of an object for each account',
  bytes: 'The bytes of the state file, finished',
};

/** What it costs to keep on disk what is known, and to read it at the next start. */
export const state = benchmark<States>({
  summary: 'the state file written and read, beside compressed JSON and beside finished bytes',
  async measure(tell) {
    const kept = new Map<KeeperName, Kept>();
    for (const name of Object.keys(KEEPERS) as KeeperName[]) {
      const worker = await startWorker(new URL('worker.ts', import.meta.url), {
        args: [name, JSON.stringify(SIZE)],
      });
      const measured = worker.ready as Kept;
      const { readMs, writeMs } = measured;
      tell(`${name}: ${figure(writeMs)} ms to write, ${figure(readMs)} ms to read`);
      kept.set(name, measured);
    }
    return { size: SIZE, kept: Object.fromEntries(kept) as States['kept'] };
  },
  present: ({ kept, size }) => ({
    title: 'The state file',
    text: `${figure(size.packs)} packs × ${figure(size.accounts)} accounts are written, synced to disk and
renamed, and then read until they can be served. Each format has a process of its own; all figures are medians.
CPU time is that of all threads. The stall is the longest time that the event loop was blocked while the file was
written; reading happens before anything is served.`,
    tables: [
      {
        head: ['Kept as', 'File', 'Write', 'CPU', 'Longest stall', 'Read', 'CPU'],
        rows: (Object.entries(kept) as [KeeperName, Kept][]).map(([name, each]) => [
          TITLES[name],
          `${figure(each.fileBytes / 1e6, 1)} MB`,
          `${figure(each.writeMs)} ms`,
          `${figure(each.writeCpuMs)} ms`,
          `${figure(each.writeStallMs, 1)} ms`,
          `${figure(each.readMs)} ms`,
          `${figure(each.readCpuMs)} ms`,
        ]),
      },
    ],
    plots: [],
  }),
});
