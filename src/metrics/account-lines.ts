import type { AccountColumns } from '../conformance/account-columns.js';
import { MAX_SECONDS_BYTES, writeSeconds } from './digits.js';

/**
 * Writes the samples of rows of a pack's columns straight into bytes. Half a million accounts are
 * written at each scrape; an object or a string for each would cost twenty times as much.
 */
export interface RowWriter {
  /** The most bytes that a row takes. */
  readonly maxBytes: number;
  /**
   * Writes `rows` at `offset`, where there is room for all of them. Returns the offset behind them.
   */
  readonly write: (out: Buffer, offset: number, rows: Uint32Array) => number;
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

  write(out: Buffer, offset: number, ids: Buffer, id: number): number {
    out.set(this.bytes, offset);
    const idOffsets = this.#idOffsets;
    for (let line = 0; line < idOffsets.length; line++) {
      const at = offset + (idOffsets[line] as number);
      for (let i = 0; i < ID_BYTES; i++) out[at + i] = ids[id + i] as number;
    }
    return offset + this.bytes.length;
  }
}

/** The account ids as bytes, one behind the other; made once for all the packs that share them. */
const idBytes = new WeakMap<readonly string[], Buffer>();

function bytesOf(ids: readonly string[]): Buffer {
  const known = idBytes.get(ids);
  if (known) return known;
  const bytes = Buffer.from(ids.join(''), 'latin1');
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
  const blocks = lines.map((ofValue) => new LineBlock(ofValue));
  return {
    maxBytes: Math.max(...blocks.map(({ bytes }) => bytes.length)),
    write(out, offset, rows) {
      let at = offset;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const block = blocks[column[row] as number] as LineBlock;
        at = block.write(out, at, ids, (columns.account[row] as number) * ID_BYTES);
      }
      return at;
    },
  };
}

/** Writes one line with a time or duration, and nothing for a row without one. */
export function secondsWriter(
  columns: AccountColumns,
  line: LineParts,
  /** From the time of the last update to the value, both in milliseconds. */
  valueOf: (updatedAt: number) => number,
): RowWriter {
  const ids = bytesOf(columns.ids);
  const block = new LineBlock([line]);
  return {
    maxBytes: block.bytes.length + MAX_SECONDS_BYTES + 1,
    write(out, offset, rows) {
      let at = offset;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const updatedAt = columns.updatedAt[row] as number;
        if (Number.isNaN(updatedAt)) continue;
        at = block.write(out, at, ids, (columns.account[row] as number) * ID_BYTES);
        at = writeSeconds(out, at, valueOf(updatedAt));
        out[at++] = NEWLINE;
      }
      return at;
    },
  };
}

/** Writes one line for each account of a list; rows are indexes into it. */
export function idWriter(list: readonly string[], line: LineParts): RowWriter {
  const ids = bytesOf(list);
  const block = new LineBlock([line]);
  return {
    maxBytes: block.bytes.length,
    write(out, offset, rows) {
      let at = offset;
      for (let i = 0; i < rows.length; i++) {
        at = block.write(out, at, ids, (rows[i] as number) * ID_BYTES);
      }
      return at;
    },
  };
}
