import type { Scope } from '../conformance/snapshot.js';
import { ownersOf } from '../refresh/shard.js';

/** What shards have to bear, counted in samples. */
export interface Load {
  /** Of each pack, in the order of the packs. */
  readonly packs: readonly number[];
  /** What the first shard bears besides. */
  readonly first: number;
  /** The most that one shard may bear. */
  readonly limit: number;
}

export interface Fit {
  readonly shards: number;
  /** What the shard with the most bears. */
  readonly fullest: number;
}

/** As many as the program can be told of. */
const MOST_SHARDS = 1_000;

/**
 * The fewest shards that can bear each load; `undefined` where no number can, since the packs of one
 * shard are as their hashes have it, and a pack is not divided.
 */
export function fewestShards(
  packs: readonly { readonly scope: Scope; readonly name: string }[],
  loads: readonly Load[],
): readonly (Fit | undefined)[] {
  const fits = loads.map((): Fit | undefined => undefined);
  const owners = packs.map(({ name, scope }) => ownersOf(scope, name));
  let open = [...loads.entries()].filter(([, load]) => !isHopeless(load));
  for (let shards = 1; shards <= MOST_SHARDS && open.length > 0; shards++) {
    const ownerOf = owners.map((of) => of.next().value);
    open = open.filter(([index, load]) => {
      const fullest = fullestShard(load, ownerOf, shards);
      if (fullest > load.limit) return true;
      fits[index] = { shards, fullest };
      return false;
    });
  }
  return fits;
}

/** What the shard with the most bears; `owners` are the shards of the packs, in their order. */
export function fullestShard(
  { first, packs }: Omit<Load, 'limit'>,
  owners: readonly number[],
  shards: number,
): number {
  const loads = new Float64Array(shards);
  loads[0] = first;
  owners.forEach((owner, pack) => (loads[owner] = (loads[owner] ?? 0) + (packs[pack] ?? 0)));
  return Math.max(...loads);
}

function isHopeless({ first, limit, packs }: Load): boolean {
  const sum = packs.reduce((total, pack) => total + pack, first);
  return Math.max(first, ...packs) > limit || sum > limit * MOST_SHARDS;
}
