import { Histogram } from 'prom-client';
import { definedSelfMetrics } from '../docs/self-metrics.js';
import { ACCOUNT_FAMILIES } from '../src/metrics/account-families.js';
import { PACK_FAMILIES } from '../src/metrics/pack-families.js';
import { SOURCE_FAMILIES } from '../src/metrics/source-families.js';

/** What Prometheus itself tells of each target that it scrapes (its documentation, "Jobs and instances"). */
const OF_THE_SCRAPE = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

const KNOWN: ReadonlySet<string> = new Set([
  ...[...PACK_FAMILIES, ...ACCOUNT_FAMILIES, ...SOURCE_FAMILIES].map(({ name }) => name),
  ...selfMetrics(),
  ...OF_THE_SCRAPE,
]);

/** The name of a metric, if the exporter or Prometheus has one of this name; otherwise it throws. */
export function metric(name: string): string {
  if (!isMetric(name)) throw new Error(`No table has a metric ${name}`);
  return name;
}

export function isMetric(name: string): boolean {
  return KNOWN.has(name);
}

/** The exporter's metrics about itself, its process and Node.js. */
function selfMetrics(): readonly string[] {
  return definedSelfMetrics(true).flatMap((each) =>
    each instanceof Histogram
      ? ['_bucket', '_sum', '_count'].map((suffix) => each.name + suffix)
      : [each.name],
  );
}
