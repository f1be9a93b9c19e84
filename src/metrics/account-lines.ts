import type { AccountColumns } from '../conformance/account-columns.js';
import type { Chunk } from './chunks.js';
import { MAX_SECONDS_BYTES, writeSeconds } from './digits.js';

/**
 * Writes the samples of rows of a pack's columns straight into bytes. Half a million accounts are
 * written at each scrape; an object or a string for each would cost twenty times as much.
 */
export interface RowWriter {
  /** The most bytes that a row takes. */
  readonly maxBytes: number;
  /** Writes `rows` into the chunk, where there is room for all of them. */
  readonly write: (chunk: Chunk, rows: Uint32Array) => void;
}

/** A line up to the account id, and from it on. */
export interface LineParts {
  readonly before: string;
  readonly after: string;
}

const ID_BYTES = 12;
const ID_PLACEHOLDER = '0'.repeat(ID_BYTES);
const NEWLINE = 0x0a;

/**
 * Lines that are complete but for the account id. Account ids are twelve digits, so that the lines
 * can be copied as one block of bytes and the id written over the placeholder.
 */
class LineBlock {
  readonly bytes: Buffer;
  readonly #idOffsets: number[] = [];

  constructor(lines: readonly LineParts[]) {
    const parts: Buffer[] = [];
    let length = 0;
    for (const { before, after } of lines) {
      const head = Buffer.from(before);
      const tail = Buffer.from(ID_PLACEHOLDER + after);
      this.#idOffsets.push(length + head.length);
      parts.push(head, tail);
      length += head.length + tail.length;
    }
    this.bytes = Buffer.concat(parts);
  }

  /** Writes an account's id into the copy of the block at `offset`. */
  writeId(out: DataView, offset: number, ids: DataView, account: number): void {
    const idOffsets = this.#idOffsets;
    const id = account * ID_BYTES;
    for (let line = 0; line < idOffsets.length; line++) {
      const at = offset + (idOffsets[line] as number);
      for (let i = 0; i < ID_BYTES; i += 4) out.setUint32(at + i, ids.getUint32(id + i));
    }
  }
}

/** The account ids as bytes, one behind the other; made once for all the packs that share them. */
const idBytes = new WeakMap<readonly string[], DataView>();

function bytesOf(ids: readonly string[]): DataView {
  const known = idBytes.get(ids);
  if (known) return known;
  const { buffer, byteLength, byteOffset } = Buffer.from(ids.join(''), 'latin1');
  const bytes = new DataView(buffer, byteOffset, byteLength);
  idBytes.set(ids, bytes);
  return bytes;
}

/** Writes the lines that belong to the value of a column: `lines[0]` where it holds 0, and so on. */
export function columnWriter(
  columns: AccountColumns,
  column: Uint8Array,
  lines: readonly (readonly LineParts[])[],
): RowWriter {
  const ids = bytesOf(columns.ids);
  const { account } = columns;
  const blocks = lines.map((ofValue) => new LineBlock(ofValue));
  return {
    maxBytes: Math.max(...blocks.map(({ bytes }) => bytes.length)),
    write(chunk, rows) {
      for (let from = 0; from < rows.length;) {
        const value = column[rows[from] as number] as number;
        const to = endOfRun(column, rows, from);
        const block = blocks[value] as LineBlock;
        let at = chunk.length;
        chunk.repeat(block.bytes, to - from);
        for (let i = from; i < to; i++) {
          block.writeId(chunk.view, at, ids, account[rows[i] as number] as number);
          at += block.bytes.length;
        }
        from = to;
      }
    },
  };
}

/** Where the rows end that hold the same value as the one at `from`: most accounts are alike. */
function endOfRun(column: Uint8Array, rows: Uint32Array, from: number): number {
  const value = column[rows[from] as number];
  let to = from + 1;
  while (to < rows.length && column[rows[to] as number] === value) to++;
  return to;
}

/** Writes one line with a time or duration, and nothing for a row without one. */
export function secondsWriter(
  columns: AccountColumns,
  line: LineParts,
  /** From the time of the last update to the value, both in milliseconds. */
  valueOf: (updatedAt: number) => number,
): RowWriter {
  const ids = bytesOf(columns.ids);
  const { account, updatedAt } = columns;
  const block = new LineBlock([line]);
  return {
    maxBytes: block.bytes.length + MAX_SECONDS_BYTES + 1,
    write(chunk, rows) {
      const { bytes, view } = chunk;
      let at = chunk.length;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const time = updatedAt[row] as number;
        if (Number.isNaN(time)) continue;
        bytes.set(block.bytes, at);
        block.writeId(view, at, ids, account[row] as number);
        at = writeSeconds(view, at + block.bytes.length, valueOf(time));
        view.setUint8(at++, NEWLINE);
      }
      chunk.length = at;
    },
  };
}

/** Writes one line for each account of a list; rows are indexes into it. */
export function idWriter(list: readonly string[], line: LineParts): RowWriter {
  const ids = bytesOf(list);
  const block = new LineBlock([line]);
  return {
    maxBytes: block.bytes.length,
    write(chunk, rows) {
      let at = chunk.length;
      chunk.repeat(block.bytes, rows.length);
      for (let i = 0; i < rows.length; i++) {
        block.writeId(chunk.view, at, ids, rows[i] as number);
        at += block.bytes.length;
      }
    },
  };
}
