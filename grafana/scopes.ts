import { ofExporter, ofScopes, SCOPE_KEY } from './promql.js';

const LAST_SUCCESS = 'refresh_last_success_timestamp_seconds';

/** Joins an exporter's sources and Regions with the exporter itself, whatever labels its target has. */
const ITS_SHARD = 'ignoring (source, aws_region, shard_index) group_left (shard_index)';

/** What each shard says of sources and Regions; of its replicas, the one that says most. */
function byShard(name: string): string {
  return `max by (${SCOPE_KEY}, shard_index) (
    ${ofScopes(name)} * ${ITS_SHARD} (${ofExporter('shards')} > bool 0)
  )`;
}

/** What the shard says of sources and Regions that says least: each has packs that no other reads. */
export function leastOfShards(name: string): string {
  return `min by (${SCOPE_KEY}) (
  ${byShard(name)}
)`;
}

/** When each source and Region was last read completely, by every shard; 0 before the first time. */
export const SCOPES_READ = leastOfShards(LAST_SUCCESS);

/** How many shards there ought to be. */
const SHARDS = `max by (${SCOPE_KEY}) (
  0 * ${ofScopes(LAST_SUCCESS)} + ${ITS_SHARD} ${ofExporter('shards')}
)`;

/** Sources and Regions of which every shard has listed the packs: what is not seen there is not there. */
export const LISTED = `(
  count by (${SCOPE_KEY}) (${byShard('packs')})
  >= ${SHARDS}
)`;

/** Sources and Regions in which more packs may be than are seen. */
export const NOT_LISTED = `(
  max by (${SCOPE_KEY}) (${ofScopes(LAST_SUCCESS)})
  unless ${LISTED}
)`;

/**
 * How many sources and Regions were not read whole: those where `success` is 0, and those of which a
 * shard is missing.
 */
export function notRead(success: string): string {
  return `count(
  ${success} == 0
  or count by (${SCOPE_KEY}) (${byShard(LAST_SUCCESS)})
  < ${SHARDS}
)
or 0 * count(${success})`;
}
