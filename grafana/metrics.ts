import { Histogram, type Metric } from 'prom-client';
import { ACCOUNT_FAMILIES } from '../src/metrics/account-families.js';
import { PACK_FAMILIES } from '../src/metrics/pack-families.js';
import { SelfMetrics } from '../src/metrics/self-metrics.js';
import { SOURCE_FAMILIES } from '../src/metrics/source-families.js';
import { Store } from '../src/refresh/store.js';

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
  const { registry } = new SelfMetrics({
    store: new Store([]),
    view: () => undefined,
    version: '',
    shard: { index: 0, total: 1 },
    startedAt: 0,
    settings: { refreshIntervalMs: 0, sweepIntervalMs: 0, samplesLimit: 0, readsAccounts: true },
    lifetime: 'running',
    processMetrics: true,
  });
  const metrics = registry.getMetricsAsArray() as unknown as readonly (Metric & { name: string })[];
  return metrics.flatMap((each) =>
    each instanceof Histogram
      ? ['_bucket', '_sum', '_count'].map((suffix) => each.name + suffix)
      : [each.name],
  );
}
