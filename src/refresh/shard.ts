import { createHash } from 'node:crypto';
import type { Scope } from '../conformance/snapshot.js';

/** One of several processes that share the packs among them. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  /** How many there are; 1 for a process that reads everything. */
  readonly total: number;
}

/**
 * Whether a pack is this shard's. Every pack is exactly one shard's, whatever others there are, and one
 * more shard takes over its own share and leaves everything else where it is.
 */
export function ownsPack({ index, total }: Shard, scope: Scope, pack: string): boolean {
  return ownerOf(total, scope, pack) === index;
}

/** Index of the one of so many shards that has a pack. */
export function ownerOf(total: number, scope: Scope, pack: string): number {
  if (total === 1) return 0;
  const owners = ownersOf(scope, pack);
  for (let fewer = 1; fewer < total; fewer++) owners.next();
  return owners.next().value;
}

/**
 * Index of the shard that has a pack where there is one shard, where there are two, and so on without
 * end. It is the one with the highest draw (rendezvous hashing).
 */
export function* ownersOf(scope: Scope, pack: string): Generator<number, never> {
  const key = `${scope.source}\n${scope.region}\n${pack}`;
  let owner = 0;
  let highest = -1;
  for (let shard = 0; ; shard++) {
    const draw = createHash('sha256').update(`${shard}\n${key}`).digest().readUIntBE(0, 6);
    if (draw > highest) {
      highest = draw;
      owner = shard;
    }
    yield owner;
  }
}

/**
 * Whether this shard tells of the accounts of the organization. All of them read these, since a pack
 * is held against them; told by all, they would be there several times.
 */
export function tellsAccounts({ index }: Shard): boolean {
  return index === 0;
}
