/** Large enough to make few writes, small enough that filling one takes well under a millisecond. */
const CHUNK_BYTES = 256 * 1024;

/** The same bytes twice: to copy blocks of them, and to write a few of them as one number. */
interface Space {
  readonly bytes: Buffer;
  readonly view: DataView;
}

function makeSpace(length: number): Space {
  const bytes = Buffer.allocUnsafeSlow(length);
  return { bytes, view: new DataView(bytes.buffer) };
}

/**
 * A buffer that is filled and handed on, while the next one is filled. Two take turns, for making
 * new ones costs more in garbage collection than filling them: what was taken stays as it is until
 * the next but one is filled.
 */
export class Chunk {
  length = 0;
  #space = makeSpace(CHUNK_BYTES);
  #other = makeSpace(CHUNK_BYTES);

  get bytes(): Buffer {
    return this.#space.bytes;
  }

  get view(): DataView {
    return this.#space.view;
  }

  /** Bytes that are free. */
  get room(): number {
    return this.bytes.length - this.length;
  }

  /** What has been filled; the next chunk has room for at least `bytes`. */
  take(bytes = 0): Buffer {
    const taken = this.#space;
    this.#space = bytes <= this.#other.bytes.length ? this.#other : makeSpace(bytes);
    this.#other = taken;
    const filled = taken.bytes.subarray(0, this.length);
    this.length = 0;
    return filled;
  }

  /** `text` must fit. */
  write(text: string): void {
    this.length += this.bytes.write(text, this.length);
  }

  /**
   * Writes a block of bytes, one after the other, `times` times; there must be room. Most of it is copied
   * in ever larger pieces, which costs a fraction of a copy for each.
   */
  repeat(block: Uint8Array, times: number): void {
    const { bytes, length } = this;
    const end = length + block.length * times;
    bytes.set(block, length);
    for (let at = length + block.length; at < end;) {
      const size = Math.min(at - length, end - at);
      bytes.copyWithin(at, length, length + size);
      at += size;
    }
    this.length = end;
  }
}
