/** Large enough to make few writes, small enough that filling one takes well under a millisecond. */
const CHUNK_BYTES = 256 * 1024;

/**
 * A buffer that is filled and handed on, while the next one is filled. Two take turns, for making
 * new ones costs more in garbage collection than filling them: what was taken stays as it is until
 * the next but one is filled.
 */
export class Chunk {
  bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  length = 0;
  #other = Buffer.allocUnsafeSlow(CHUNK_BYTES);

  /** Bytes that are free. */
  get room(): number {
    return this.bytes.length - this.length;
  }

  /** What has been filled; the next chunk has room for at least `bytes`. */
  take(bytes = 0): Buffer {
    const taken = this.bytes;
    const filled = taken.subarray(0, this.length);
    this.bytes = bytes <= this.#other.length ? this.#other : Buffer.allocUnsafeSlow(bytes);
    this.#other = taken;
    this.length = 0;
    return filled;
  }

  /** `text` must fit. */
  write(text: string): void {
    this.length += this.bytes.write(text, this.length);
  }
}
