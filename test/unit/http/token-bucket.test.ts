import { describe, expect, it } from 'vitest';
import { tokenBucket } from '../../../src/http/token-bucket.js';

function setUp() {
  let now = 1e12;
  const mayPass = tokenBucket(() => now);
  return { mayPass, wait: (ms: number) => (now += ms) };
}

describe('the token bucket', () => {
  it('begins full, and then lets one through each interval', () => {
    const { mayPass, wait } = setUp();
    const limit = { intervalMs: 100, burst: 2 };
    expect([mayPass(limit), mayPass(limit), mayPass(limit)]).toEqual([true, true, false]);
    wait(99);
    expect(mayPass(limit)).toBe(false);
    wait(1);
    expect([mayPass(limit), mayPass(limit)]).toEqual([true, false]);
  });

  it('holds no more than the burst, however long nobody came', () => {
    const { mayPass, wait } = setUp();
    const limit = { intervalMs: 100, burst: 2 };
    mayPass(limit);
    wait(1e9);
    expect([mayPass(limit), mayPass(limit), mayPass(limit)]).toEqual([true, true, false]);
  });

  it('keeps what it holds over a reload, and begins anew with another limit', () => {
    const { mayPass } = setUp();
    expect(mayPass({ intervalMs: 100, burst: 1 })).toBe(true);
    expect(mayPass({ intervalMs: 100, burst: 1 })).toBe(false);
    expect(mayPass({ intervalMs: 100, burst: 2 })).toBe(true);
  });

  it('is not emptied by a clock that is set back', () => {
    const { mayPass, wait } = setUp();
    const limit = { intervalMs: 100, burst: 2 };
    mayPass(limit);
    wait(-1e9);
    expect(mayPass(limit)).toBe(true);
    wait(100);
    expect(mayPass(limit)).toBe(true);
  });
});
