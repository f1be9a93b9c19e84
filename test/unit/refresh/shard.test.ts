import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownsPack } from '../../../src/refresh/shard.js';

const scope = { source: 'default', region: 'eu-west-1' };
const names = Array.from({ length: 500 }, (_, n) => `Pack-${n}`);

function owners(total: number, pack: string, of = scope): number[] {
  return Array.from({ length: total }, (_, index) => index).filter((index) =>
    ownsPack({ index, total }, of, pack),
  );
}

describe('ownsPack', () => {
  it('gives every pack to exactly one shard', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.string(), (total, pack) => {
        expect(owners(total, pack)).toHaveLength(1);
      }),
    );
  });

  it('gives each shard its share, and one more shard nothing but its own', () => {
    const before = names.map((name) => owners(4, name)[0]);
    const after = names.map((name) => owners(5, name)[0]);
    for (let shard = 0; shard < 4; shard++) {
      const share = before.filter((owner) => owner === shard).length;
      expect(share).toBeGreaterThan(500 / 4 / 1.5);
      expect(share).toBeLessThan((500 / 4) * 1.5);
    }
    const moved = after.filter((owner, i) => owner !== before[i]);
    expect(new Set(moved)).toEqual(new Set([4]));
    expect(moved.length).toBeLessThan((500 / 5) * 1.5);
  });

  it('tells packs of one name in several scopes apart', () => {
    const elsewhere = { ...scope, region: 'us-east-1' };
    expect(names.map((name) => owners(4, name)[0])).not.toEqual(
      names.map((name) => owners(4, name, elsewhere)[0]),
    );
  });
});
