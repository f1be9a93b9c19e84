import { setImmediate } from 'node:timers/promises';
import { BUILDERS, type BuilderName } from './builders.js';
import { pagesOf, type Condition, type Size } from './rows.js';

/** One builder in a process of its own. Sends what it measured, and ends. */

export interface Built {
  /** Time in the builder, without the making of the rows. */
  readonly buildMs: number;
  /** The longest time that the builder kept the event loop. */
  readonly stallMs: number;
  /** Memory that is kept, of all kinds, by pair. */
  readonly bytesPerPair: number;
}

const [name = '', condition = '', size = ''] = process.argv.slice(2);
const { accounts, packs } = JSON.parse(size) as Size;
const builder = BUILDERS[name as BuilderName]();

let buildMs = 0;
let stallMs = 0;
const timed = (work: () => void) => {
  const startedAt = performance.now();
  work();
  const elapsed = performance.now() - startedAt;
  buildMs += elapsed;
  stallMs = Math.max(stallMs, elapsed);
};

const before = heldBytes();
for (let pack = 0; pack < packs; pack++) {
  for (const page of pagesOf(pack, { accounts, packs }, condition as Condition)) {
    timed(() => builder.addPage(page));
    await setImmediate();
  }
  timed(() => builder.endPack());
  await setImmediate();
}
const bytes = heldBytes() - before;
if (builder.kept.length !== packs) throw new Error('a pack was lost');
const built: Built = { buildMs, stallMs, bytesPerPair: bytes / (packs * accounts) };
process.send?.(built, () => process.exit());

function heldBytes(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
