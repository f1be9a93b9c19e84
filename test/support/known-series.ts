import { Histogram, type Metric } from 'prom-client';
import { ACCOUNT_FAMILIES } from '../../src/metrics/account-families.js';
import { PACK_FAMILIES } from '../../src/metrics/pack-families.js';
import { PACK_LABELS } from '../../src/metrics/pack-view.js';
import { SelfMetrics } from '../../src/metrics/self-metrics.js';
import { SOURCE_FAMILIES } from '../../src/metrics/source-families.js';
import { Store } from '../../src/refresh/store.js';

/** What prom-client's own types leave out. */
type Documented = Metric & { readonly name: string; readonly labelNames: readonly string[] };

/** The labels of everything that the exporter exposes, by the name of the series. */
export function exposedSeries(): ReadonlyMap<string, readonly string[]> {
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
  const own = registry.getMetricsAsArray() as unknown as readonly Documented[];
  return new Map<string, readonly string[]>([
    ...[...PACK_FAMILIES, ...ACCOUNT_FAMILIES].map(
      ({ labels, name }) => [name, [...PACK_LABELS, ...labels]] as const,
    ),
    ...SOURCE_FAMILIES.map(({ labels, name }) => [name, ['source', ...labels]] as const),
    ...own.flatMap((metric) => seriesOf(metric)),
  ]);
}

/** What a text names that looks like a series of ours, a recorded one or a label of either. */
export function seriesNamedIn(text: string): readonly string[] {
  return text.match(/\b(\w+:)?(aws_|conformance_pack_exporter_)\w+(:\w+)?\b/g) ?? [];
}

function seriesOf(metric: Documented): readonly (readonly [string, readonly string[]])[] {
  const { labelNames, name } = metric;
  if (!(metric instanceof Histogram)) return [[name, labelNames]];
  return [
    [`${name}_bucket`, [...labelNames, 'le']],
    [`${name}_sum`, labelNames],
    [`${name}_count`, labelNames],
  ];
}
