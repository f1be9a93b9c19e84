import { pipeline } from 'node:stream/promises';
import { constants, crc32, createDeflateRaw } from 'node:zlib';

/**
 * A gzip member of two parts, of which the first is deflated once and sent many times (RFC 1952). Two
 * members one behind the other would be simpler, but many clients stop silently after the first.
 */

/** The text repeats itself so much that the fastest level leaves little for the others to gain. */
const DEFLATE = { level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 };

/** Magic number, method deflate, no flags, no time, fastest level, unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);

/** Checksum and length of what was compressed, as a gzip member ends with them. */
class Tally {
  crc: number;
  bytes: number;

  constructor({ bytes, crc }: { readonly bytes: number; readonly crc: number }) {
    this.crc = crc;
    this.bytes = bytes;
  }

  async *of(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.crc = crc32(chunk, this.crc);
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  trailer(): Buffer {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.crc, 0);
    trailer.writeUInt32LE(this.bytes % 2 ** 32, 4);
    return trailer;
  }
}

/** The first part of a member. */
export interface Deflated {
  readonly chunks: readonly Buffer[];
  /** CRC-32 of what was deflated. */
  readonly crc: number;
  /** Length of what was deflated. */
  readonly bytes: number;
}

/** Deflates to a full flush: what follows begins at a whole byte and refers to nothing before it. */
export async function deflateFirstPart(source: AsyncIterable<Buffer>): Promise<Deflated> {
  const tally = new Tally({ bytes: 0, crc: 0 });
  const chunks: Buffer[] = [];
  const deflate = createDeflateRaw({ ...DEFLATE, finishFlush: constants.Z_FULL_FLUSH });
  await pipeline(tally.of(source), deflate, async (compressed: AsyncIterable<Buffer>) => {
    for await (const chunk of compressed) chunks.push(chunk);
  });
  return { chunks, crc: tally.crc, bytes: tally.bytes };
}

/** A whole member: the first part as it is, and the rest deflated behind it. */
export async function* gzipMember(
  first: Deflated,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield HEADER;
  yield* first.chunks;
  const tally = new Tally(first);
  const deflate = createDeflateRaw(DEFLATE);
  const deflated = pipeline(tally.of(rest), deflate);
  // Whoever stops reading destroys the stream; only the reader's own end is of interest then.
  deflated.catch(() => undefined);
  yield* deflate as AsyncIterable<Buffer>;
  await deflated;
  yield tally.trailer();
}
