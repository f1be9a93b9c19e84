/** Large enough to make few writes, small enough that filling one takes well under a millisecond. */
const CHUNK_BYTES = 256 * 1024;

/**
 * A buffer that is filled and handed on. A chunk that was taken belongs to the taker: the socket or
 * the compressor may still be reading it.
 */
export class Chunk {
  bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  length = 0;

  fits(bytes: number): boolean {
    return this.length + bytes <= this.bytes.length;
  }

  /** What has been filled; the next chunk has room for at least `bytes`. */
  take(bytes = 0): Buffer {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
    this.length = 0;
    return taken;
  }

  /** `text` must fit. */
  write(text: string): void {
    this.length += this.bytes.write(text, this.length);
  }
}
