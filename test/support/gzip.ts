import { createInflateRaw, gunzipSync } from 'node:zlib';
import { collect } from './collect.js';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/**
 * What a gzip member holds. Rejects where its checksum or its length is wrong, and where anything
 * follows it: zlib reads on into a second member, but many clients stop behind the first.
 */
export async function readSoleMember(bytes: Buffer): Promise<Buffer> {
  const [, , , flags] = bytes;
  if (flags !== 0) throw new Error('the header is longer than ours');
  const inflate = createInflateRaw();
  inflate.end(bytes.subarray(HEADER_BYTES));
  await collect(inflate);
  const length = HEADER_BYTES + inflate.bytesWritten + TRAILER_BYTES;
  if (length !== bytes.length) throw new Error(`${bytes.length - length} bytes follow the member`);
  return gunzipSync(bytes);
}
