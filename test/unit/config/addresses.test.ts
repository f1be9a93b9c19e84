import { describe, expect, it } from 'vitest';
import { clashesAmong } from '../../../src/config/addresses.js';

describe('addresses to listen on', () => {
  // As Linux has them, where IPv6 on all addresses is IPv4 on all as well.
  it.each([
    [undefined, undefined, true],
    [undefined, '127.0.0.1', true],
    [undefined, '::1', true],
    ['::', '0.0.0.0', true],
    ['::', 'localhost', true],
    ['0.0.0.0', '127.0.0.1', true],
    ['0.0.0.0', '::1', false],
    ['127.0.0.1', '127.0.0.2', false],
    ['127.0.0.1', '::1', false],
  ])('%s and %s clash: %s', (one, other, expected) => {
    const given = [one, other].map((host) =>
      host === undefined ? { port: 1 } : { host, port: 1 },
    );
    expect(clashesAmong(given).length).toBe(expected ? 1 : 0);
    expect(clashesAmong(given.toReversed()).length).toBe(expected ? 1 : 0);
  });

  it('clash with one of those before, whichever', () => {
    const given = ['::1', '127.0.0.1', 'LocalHost', '::1', 'localhost'];
    expect(clashesAmong(given.map((host) => ({ host, port: 1 })))).toEqual([
      '"[::1]:1" is given twice',
      '"localhost:1" is given twice',
    ]);
    expect(clashesAmong([{ port: 1 }, { host: '::1', port: 1 }])).toEqual([
      '"[::1]:1" cannot be had beside ":1", which takes the same port',
    ]);
  });

  it('do not clash on ports of their own', () => {
    expect(clashesAmong([{ port: 1 }, { port: 2 }])).toEqual([]);
    expect(clashesAmong([{ port: 0 }, { port: 0 }])).toEqual([]);
  });
});
