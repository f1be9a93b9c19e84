import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { endsWithin, withDeadline } from '../../src/deadline.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const never = new AbortController().signal;

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

const untilAborted = async (signal: AbortSignal) => {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason as unknown;
};

describe('withDeadline', () => {
  it('aborts in time, whatever the garbage collector took meanwhile', async () => {
    const reason = await withDeadline(never, 50, (signal) => {
      collectGarbage();
      return untilAborted(signal);
    });
    expect(reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('aborts as soon as it is to stop, for that reason', async () => {
    const stop = new AbortController();
    const reason = withDeadline(stop.signal, 1e6, untilAborted);
    stop.abort('stopped');
    expect(await reason).toBe('stopped');
    expect(await withDeadline(stop.signal, 1e6, untilAborted)).toBe('stopped');
  });

  it('brings what the work brings, and leaves nothing behind', async () => {
    const before = timers();
    expect(await withDeadline(never, 1e6, () => Promise.resolve(1))).toBe(1);
    const failing = withDeadline(never, 1e6, () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(timers()).toBe(before);
  });
});

describe('endsWithin', () => {
  it('tells whether the work ended in time, and leaves nothing behind', async () => {
    const before = timers();
    expect(await endsWithin(1e6, Promise.resolve())).toBe(true);
    await expect(endsWithin(1e6, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(timers()).toBe(before);
    expect(await endsWithin(1, new Promise(() => undefined))).toBe(false);
  });
});
