import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../../src/aws/abort.js';

const never = () => new Promise<never>(() => undefined);

describe('untilAborted', () => {
  it('settles as the work does', async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(signal, () => Promise.resolve(1))).resolves.toBe(1);
    const error = new Error('It failed.');
    await expect(untilAborted(signal, () => Promise.reject(error))).rejects.toBe(error);
  });

  it('rejects with the reason though the work goes on, and tells the work', async () => {
    const parent = new AbortController();
    let own: AbortSignal | undefined;
    const settled = untilAborted(parent.signal, (signal) => {
      own = signal;
      return never();
    });
    const others = [1, 2].map(() => untilAborted(parent.signal, never));
    const reason = new Error('Enough.');
    parent.abort(reason);
    await expect(settled).rejects.toBe(reason);
    expect(own?.reason).toBe(reason);
    for (const other of others) await expect(other).rejects.toBe(reason);
  });

  it('rejects, and does nothing, where the signal has aborted already', async () => {
    const reason = new Error('Too late.');
    let begun = false;
    const settled = untilAborted(AbortSignal.abort(reason), () => {
      begun = true;
      return Promise.resolve();
    });
    await expect(settled).rejects.toBe(reason);
    expect(begun).toBe(false);
  });

  it('tells nobody whose work has ended', async () => {
    const parent = new AbortController();
    const signals: AbortSignal[] = [];
    const keep = (signal: AbortSignal) => Promise.resolve(signals.push(signal));
    await untilAborted(parent.signal, keep);
    const last = untilAborted(parent.signal, never);
    await untilAborted(parent.signal, keep);
    parent.abort(new Error('Enough.'));
    await expect(last).rejects.toThrow('Enough.');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });
});
