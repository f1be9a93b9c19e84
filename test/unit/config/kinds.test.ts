import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  address,
  choice,
  decimal,
  duration,
  integer,
  toggle,
  wholeMatch,
  type Kind,
} from '../../../src/config/kinds.js';

function read<Value>(kind: Kind<Value>, text: string): Value | undefined {
  const parsed = kind.schema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

describe('the kinds of values', () => {
  it.each([
    [':10117', { port: 10117 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:80', { host: 'localhost', port: 80 }],
    ['[::1]:10117', { host: '::1', port: 10117 }],
    ['[::]:65535', { host: '::', port: 65535 }],
    ['10117', undefined],
    [':65536', undefined],
    ['::1:10117', undefined],
    ['http://localhost:80', undefined],
    ['', undefined],
  ])('address %s', (text, expected) => {
    expect(read(address, text)).toEqual(expected);
  });

  it.each(['', ' ', '1e3', '0x10', '1_000', 'NaN', '१', '1.0', ' 1'])(
    '%j is not a whole number',
    (text) => {
      expect(read(integer(), text)).toBeUndefined();
    },
  );

  it.each(['', '.5', '5.', '-1', '1e3', 'Infinity'])('%j is not a number', (text) => {
    expect(read(decimal(), text)).toBeUndefined();
  });

  it.each(['', 'TRUE', 'yes', '1', 'on', 'null'])('%j is neither true nor false', (text) => {
    expect(read(toggle, text)).toBeUndefined();
  });

  it('false is false', () => {
    expect(read(toggle, 'false')).toBe(false);
    expect(read(toggle, 'true')).toBe(true);
  });

  it('a duration keeps to what a timer of Node.js can wait', () => {
    expect(read(duration(), '24d')).toBeLessThan(2 ** 31);
    expect(read(duration(), '25d')).toBeUndefined();
    expect(read(duration({ max: 60_000 }), '60s')).toBe(60_000);
    expect(read(duration({ max: 60_000 }), '60001ms')).toBeUndefined();
    expect(read(duration({ min: 1_000 }), '999ms')).toBeUndefined();
    expect(read(duration({ min: 1_000 }), '0')).toBeUndefined();
    expect(read(duration({ min: 1_000, orZero: true }), '0')).toBe(0);
  });

  it('never throw, whatever the text', () => {
    const kinds = [address, choice(['a']), decimal(), duration(), integer(), toggle, wholeMatch];
    fc.assert(
      fc.property(fc.constantFrom<Kind<unknown>>(...kinds), fc.string(), (kind, text) => {
        expect(typeof kind.schema.safeParse(text).success).toBe('boolean');
      }),
    );
  });
});
