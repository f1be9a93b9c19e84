import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { deflateFirstPart, gzipMember } from '../../../src/metrics/gzip.js';
import { collect } from '../../support/collect.js';
import { readSoleMember } from '../../support/gzip.js';

async function* chunksOf(parts: readonly Uint8Array[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    await Promise.resolve();
    yield Buffer.from(part);
  }
}

const parts = fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 5 });

describe('a member of two parts', () => {
  it('is what both parts are, whatever they hold, and as often as the first one is used', async () => {
    await fc.assert(
      fc.asyncProperty(parts, parts, parts, async (first, one, other) => {
        const deflated = await deflateFirstPart(chunksOf(first));
        for (const rest of [one, other]) {
          const member = await collect(gzipMember(deflated, chunksOf(rest)));
          const held = await readSoleMember(member);
          expect(held.equals(Buffer.concat([...first, ...rest]))).toBe(true);
          expect(member.subarray(0, 3)).toEqual(Buffer.from([0x1f, 0x8b, 8]));
        }
      }),
    );
  });

  it('would be found out if it were two members', async () => {
    const [one, other] = [gzipSync('one'), gzipSync('other')];
    expect((await readSoleMember(one)).toString()).toBe('one');
    const both = readSoleMember(Buffer.concat([one, other]));
    await expect(both).rejects.toThrow(`${other.length} bytes follow`);
    await expect(readSoleMember(one.subarray(0, -1))).rejects.toThrow();
  });

  it('fails where one of them does', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('half'));
      throw new Error('defect');
    }
    await expect(deflateFirstPart(broken())).rejects.toThrow('defect');
    const deflated = await deflateFirstPart(chunksOf([Buffer.from('whole')]));
    await expect(collect(gzipMember(deflated, broken()))).rejects.toThrow('defect');
  });
});
