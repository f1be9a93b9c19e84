import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import type { Format } from './format.js';
import { headText, labelText, valueText } from './text.js';

/** What prom-client knows of a value beside what its types say: histograms name their series. */
type NamedValue = MetricValue<string> & { readonly metricName?: string };

/**
 * The metrics of a registry in the format asked for. Not by the registry's own `metrics()`: it
 * renders one format only, and rendering OpenMetrics renames its counters for good.
 */
export async function registryText(registry: Registry, format: Format): Promise<string> {
  const metrics = await registry.getMetricsAsJSON();
  return metrics
    .map((metric) => metricText(metric as MetricObjectWithValues<NamedValue>, format))
    .join('');
}

/** A metric that has no values has no head either. */
function metricText(metric: MetricObjectWithValues<NamedValue>, format: Format): string {
  const { name, help, values } = metric;
  if (values.length === 0) return '';
  const lines = values.map(({ labels, metricName, value }) => {
    const own = labelText(Object.keys(labels), Object.entries(labels).map(labelValue));
    return `${metricName ?? name}${own && `{${own}}`} ${valueText(value)}\n`;
  });
  // The type is a string for all that prom-client's own typing says.
  const type = String(metric.type) as Parameters<typeof headText>[0]['type'];
  return headText({ name, help, type }, format) + lines.join('');
}

/** The bounds of buckets are written as floats: `1.0` is what OpenMetrics wants, and text reads it. */
function labelValue([name, value]: readonly [string, string | number | undefined]): string {
  return name === 'le' && Number.isInteger(value) ? `${String(value)}.0` : String(value);
}
