import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLabelValue, labelText, valueText } from '../../../src/metrics/text.js';
import { parseExposition } from '../../support/parse-exposition.js';

describe('escapeLabelValue', () => {
  it.each([
    ['plain', 'plain'],
    ['a"b', 'a\\"b'],
    ['a\\b', 'a\\\\b'],
    ['a\nb', 'a\\nb'],
    ['\\n', '\\\\n'],
    ['ünï', 'ünï'],
  ])('%j becomes %j', (value, escaped) => {
    expect(escapeLabelValue(value)).toBe(escaped);
  });

  it('is undone by a parser of the format, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const line = `x{${labelText(['a', 'b'], [value, 'end'])}} 1`;
        const parsed = parseExposition(`# HELP x y\n# TYPE x gauge\n${line}\n`);
        expect(parsed.get('x')?.samples[0]?.labels).toEqual({ a: value, b: 'end' });
      }),
    );
  });
});

describe('valueText', () => {
  it.each([
    [0, '0'],
    [1.5, '1.5'],
    [1e21, '1e+21'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ])('%d is %s', (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});
