import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { registryText } from '../../../src/metrics/registry-text.js';

function registry(): Registry {
  const registers = [new Registry()];
  new Counter({ name: 'calls_total', help: 'Calls.', labelNames: ['to'], registers }).inc({
    to: 'a"b',
  });
  new Gauge({ name: 'ratio', help: 'Ratio.', registers }).set(0.5);
  const histogram = new Histogram({ name: 'took', help: 'Took.', buckets: [0.5, 1], registers });
  histogram.observe(0.75);
  return registers[0] as Registry;
}

const REST = `# HELP ratio Ratio.
# TYPE ratio gauge
ratio 0.5
# HELP took Took.
# TYPE took histogram
took_bucket{le="0.5"} 0
took_bucket{le="1.0"} 1
took_bucket{le="+Inf"} 1
took_sum 0.75
took_count 1
`;

describe('registryText', () => {
  it('names a counter with its suffix in the text format', async () => {
    expect(await registryText(registry(), 'text')).toBe(
      `# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{to="a\\"b"} 1\n${REST}`,
    );
  });

  it('names the family without it in OpenMetrics, however often it is asked', async () => {
    const metrics = registry();
    const text = `# HELP calls Calls.\n# TYPE calls counter\ncalls_total{to="a\\"b"} 1\n${REST}`;
    expect(await registryText(metrics, 'openmetrics')).toBe(text);
    expect(await registryText(metrics, 'openmetrics')).toBe(text);
    expect(await registryText(metrics, 'text')).toContain('# TYPE calls_total counter\n');
  });
});
