import type { Metric } from 'prom-client';
import { SelfMetrics } from '../src/metrics/self-metrics.js';
import { Store } from '../src/refresh/store.js';

/** A metric with what prom-client's own types leave out. */
export type DefinedMetric = Metric & {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
};

/**
 * The metrics that an exporter registers about itself, for whoever tells of them; those of its process
 * and of Node.js among them where asked for.
 */
export function definedSelfMetrics(processMetrics: boolean): readonly DefinedMetric[] {
  const { registry } = new SelfMetrics({
    store: new Store([]),
    view: () => undefined,
    version: '',
    shard: { index: 0, total: 1 },
    startedAt: 0,
    settings: { refreshIntervalMs: 0, sweepIntervalMs: 0, samplesLimit: 0, readsAccounts: true },
    lifetime: 'running',
    processMetrics,
  });
  return registry.getMetricsAsArray() as unknown as readonly DefinedMetric[];
}
