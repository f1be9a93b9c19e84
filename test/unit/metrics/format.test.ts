import { describe, expect, it } from 'vitest';
import { negotiateFormat } from '../../../src/metrics/format.js';

describe('negotiateFormat', () => {
  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text'],
    ['text/plain', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text; version=1.0.0', 'openmetrics'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    [
      // Prometheus 2.42
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      // A Prometheus that prefers the text format
      'text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5',
      'text',
    ],
    ['Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.5', 'openmetrics'],
    [';;;,,q=x', 'text'],
  ])('%s gets %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });
});
