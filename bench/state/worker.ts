import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseAccount } from '../../src/aws/parse.js';
import { AccountColumnsBuilder, AccountIds } from '../../src/conformance/account-columns.js';
import { summarize } from '../../src/conformance/account-summary.js';
import type { Pack } from '../../src/conformance/snapshot.js';
import { NO_TRANSITIONS } from '../../src/conformance/transitions.js';
import type { KeptState } from '../../src/refresh/store.js';
import { pagesOf, type Size } from '../build/rows.js';
import { REGION } from '../simulated.js';
import { median } from '../statistics.js';
import { KEEPERS, type KeeperName } from './keepers.js';

/** One keeper in a process of its own. Sends what it measured, and ends. */

/** Medians over several rounds. */
export interface Kept {
  readonly writeMs: number;
  /** Time of all threads. */
  readonly writeCpuMs: number;
  /** The longest time that the event loop stood still. */
  readonly writeStallMs: number;
  readonly readMs: number;
  readonly readCpuMs: number;
  readonly fileBytes: number;
}

const ROUNDS = 7;

const [name = '', size = ''] = process.argv.slice(2);
const { accounts, packs } = JSON.parse(size) as Size;
const keeper = KEEPERS[name as KeeperName](stateOf({ accounts, packs }));
const folder = await mkdtemp(join(tmpdir(), 'state-'));
try {
  const path = join(folder, 'state');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const writes: Cost[] = [];
  const stalls: number[] = [];
  const reads: Cost[] = [];
  // The first round is for the compiler.
  for (let round = 0; round <= ROUNDS; round++) {
    delay.reset();
    const write = await costOf(() => keeper.write(path));
    const stallMs = delay.max / 1e6;
    const read = await costOf(async () => {
      const pairs = await keeper.read(path);
      if (pairs !== accounts * packs) throw new Error(`of all pairs, ${pairs} were read`);
    });
    if (round === 0) continue;
    writes.push(write);
    stalls.push(stallMs);
    reads.push(read);
  }
  const kept: Kept = {
    writeMs: median(writes.map(({ ms }) => ms)),
    writeCpuMs: median(writes.map(({ cpuMs }) => cpuMs)),
    writeStallMs: median(stalls),
    readMs: median(reads.map(({ ms }) => ms)),
    readCpuMs: median(reads.map(({ cpuMs }) => cpuMs)),
    fileBytes: (await stat(path)).size,
  };
  process.send?.(kept, () => process.exit());
} finally {
  await rm(folder, { recursive: true });
}

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const ms = performance.now() - startedAt;
  const { system, user } = process.cpuUsage(cpu);
  return { ms, cpuMs: (system + user) / 1_000 };
}

function stateOf({ accounts, packs }: Size): KeptState {
  const ids = new AccountIds();
  const readAt = Date.now();
  const kept = Array.from({ length: packs }, (_, number): Pack => {
    const builder = new AccountColumnsBuilder(ids, accounts);
    for (const page of pagesOf(number, { accounts, packs })) {
      for (const row of page) builder.add(parseAccount(row));
    }
    const columns = builder.build();
    return {
      name: `operational-best-practices-${number}`,
      rollUp: { status: 'CREATE_SUCCESSFUL', updatedAt: readAt },
      detail: { readAt, accounts: columns, summary: summarize(columns), mismatch: undefined },
      transitions: NO_TRANSITIONS,
    };
  });
  const listed = new Set(kept.map(({ name: pack }) => pack));
  const scope = { source: 'default', region: REGION };
  return { scopes: [{ scope, snapshot: { listedAt: readAt, listed, packs: kept } }], sources: [] };
}
