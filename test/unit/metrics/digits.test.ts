import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SECONDS_BYTES, writeSeconds } from '../../../src/metrics/digits.js';

function written(ms: number): string {
  // No more room than it says it needs: what is written past it throws.
  const out = Buffer.alloc(MAX_SECONDS_BYTES + 3);
  const end = writeSeconds(new DataView(out.buffer, out.byteOffset, out.length), 3, ms);
  return out.toString('latin1', 3, end);
}

describe('writeSeconds', () => {
  it.each([
    [0, '0'],
    [1, '0.001'],
    [10, '0.01'],
    [1_500, '1.5'],
    [9_999_000, '9999'],
    [10_000_000, '10000'],
    [99_999_000, '99999'],
    [100_000_000, '100000'],
    [1_795_528_925_038, '1795528925.038'],
    [1_795_528_900_000, '1795528900'],
    [99_999_999_999, '99999999.999'],
    [100_000_000_000, '100000000'],
    [100_000_001_020, '100000001.02'],
    [999_999_999_999_999, '999999999999.999'],
    [1_000_000_000_000_000, '1000000000000'],
    [-1_500, '-1.5'],
  ])('%d ms is %s', (ms, text) => {
    expect(written(ms)).toBe(text);
  });

  it('agrees with the number it writes, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), (ms) => {
        const text = written(ms);
        expect(Number(text)).toBe(ms / 1000);
        expect(text.length).toBeLessThanOrEqual(MAX_SECONDS_BYTES);
      }),
    );
  });

  it('never writes more than it says, for any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (ms) => {
        expect(written(ms).length).toBeLessThanOrEqual(MAX_SECONDS_BYTES);
      }),
    );
  });
});
