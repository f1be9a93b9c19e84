import { setImmediate } from 'node:timers/promises';
import { ACCOUNT_FAMILIES, rowsOf, type AccountFamily } from './account-families.js';
import { Chunk } from './chunks.js';
import type { Format } from './format.js';
import { PACK_FAMILIES, type PackFamily } from './pack-families.js';
import { SOURCE_FAMILIES, type SourceFamily } from './source-families.js';
import { headText, labelText, liveFamilies, staticFamilies, valueText } from './text.js';
import type { View } from './view.js';

export interface RenderOptions {
  readonly format: Format;
  /** What ages are told by, in milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The families of packs, accounts and sources that stay as they are as long as the view does, rendered
 * from the columns in chunks of some 256 KB. Yields to the event loop between chunks: a socket that
 * accepts all at once would never make it wait.
 *
 * A chunk may be read until the next but one is asked for. A stream with back-pressure keeps to that
 * by itself, for a chunk is larger than what any stream holds back; whoever collects chunks has to
 * copy them.
 */
export function renderStatic(view: View, format: Format): AsyncGenerator<Buffer> {
  return yielding(staticChunks(view, format));
}

/** As {@link renderStatic}, the families whose values depend on the time of the scrape. */
export function renderLive(view: View, options: RenderOptions): AsyncGenerator<Buffer> {
  return yielding(liveChunks(view, options));
}

async function* yielding(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk;
    await setImmediate();
  }
}

function* staticChunks(view: View, format: Format): Generator<Buffer> {
  const chunk = new Chunk();
  for (const family of staticFamilies(PACK_FAMILIES, view.live)) {
    yield* appendPackFamily(chunk, headText(family, format), family, view, NaN);
  }
  for (const family of staticFamilies(ACCOUNT_FAMILIES, view.live)) {
    yield* appendAccountFamily(chunk, headText(family, format), family, view, NaN);
  }
  for (const family of SOURCE_FAMILIES) {
    yield* appendSourceFamily(chunk, headText(family, format), family, view);
  }
  yield chunk.take();
}

function* liveChunks(view: View, { format, now }: RenderOptions): Generator<Buffer> {
  const chunk = new Chunk();
  for (const family of liveFamilies(PACK_FAMILIES, view.live)) {
    yield* appendPackFamily(chunk, headText(family, format), family, view, now);
  }
  for (const family of liveFamilies(ACCOUNT_FAMILIES, view.live)) {
    yield* appendAccountFamily(chunk, headText(family, format), family, view, now);
  }
  yield chunk.take();
}

/** UTF-8 takes at most three bytes for a character of a JavaScript string. */
const MAX_BYTES_PER_CHARACTER = 3;

function* append(chunk: Chunk, text: string): Generator<Buffer> {
  const bytes = text.length * MAX_BYTES_PER_CHARACTER;
  if (chunk.room < bytes) yield chunk.take(bytes);
  chunk.write(text);
}

/** A family that has no samples has no head either. */
function* appendPackFamily(
  chunk: Chunk,
  head: string,
  family: PackFamily,
  { packs }: View,
  now: number,
): Generator<Buffer> {
  for (const pack of packs) {
    for (const [values, value] of family.samples(pack, now)) {
      const own = family.labels.length === 0 ? '' : `,${labelText(family.labels, values)}`;
      yield* append(chunk, `${head}${family.name}{${pack.labels}${own}} ${valueText(value)}\n`);
      head = '';
    }
  }
}

function* appendAccountFamily(
  chunk: Chunk,
  head: string,
  family: AccountFamily,
  { packs, plan }: View,
  now: number,
): Generator<Buffer> {
  for (const pack of packs) {
    const rows = rowsOf(family, pack);
    const writer = rows.length === 0 ? undefined : family.writer(pack, plan.detail, now);
    if (writer === undefined) continue;
    yield* append(chunk, head);
    head = '';
    for (let row = 0; row < rows.length;) {
      if (chunk.room < writer.maxBytes) yield chunk.take(writer.maxBytes);
      const next = row + Math.floor(chunk.room / writer.maxBytes);
      writer.write(chunk, rows.subarray(row, next));
      row = next;
    }
  }
}

function* appendSourceFamily(
  chunk: Chunk,
  head: string,
  family: SourceFamily,
  { sources }: View,
): Generator<Buffer> {
  const names = ['source', ...family.labels];
  for (const source of sources) {
    for (const [values, value] of family.samples(source)) {
      const labels = labelText(names, [source.name, ...values]);
      yield* append(chunk, `${head}${family.name}{${labels}} ${valueText(value)}\n`);
      head = '';
    }
  }
}
