import { Histogram } from 'prom-client';
import { definedSelfMetrics, type DefinedMetric } from '../../docs/self-metrics.js';
import { ACCOUNT_FAMILIES } from '../../src/metrics/account-families.js';
import { PACK_FAMILIES } from '../../src/metrics/pack-families.js';
import { PACK_LABELS } from '../../src/metrics/pack-view.js';
import { SOURCE_FAMILIES } from '../../src/metrics/source-families.js';

/** The labels of everything that the exporter exposes, by the name of the series. */
export function exposedSeries(): ReadonlyMap<string, readonly string[]> {
  const own = definedSelfMetrics(true);
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

function seriesOf(metric: DefinedMetric): readonly (readonly [string, readonly string[]])[] {
  const { labelNames, name } = metric;
  if (!(metric instanceof Histogram)) return [[name, labelNames]];
  return [
    [`${name}_bucket`, [...labelNames, 'le']],
    [`${name}_sum`, labelNames],
    [`${name}_count`, labelNames],
  ];
}
