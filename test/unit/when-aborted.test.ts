import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { whenAborted } from '../../src/when-aborted.js';

describe('whenAborted', () => {
  it('does all that is to be done when the signal aborts, in its order, and once', () => {
    const controller = new AbortController();
    const done: number[] = [];
    for (const n of [1, 2, 3]) whenAborted(controller.signal, () => done.push(n));
    expect(done).toEqual([]);
    controller.abort();
    controller.abort();
    expect(done).toEqual([1, 2, 3]);
  });

  it('does at once what comes too late', () => {
    const done: number[] = [];
    whenAborted(AbortSignal.abort(), () => done.push(1));
    expect(done).toEqual([1]);
  });

  it('does nothing of what was undone, be it twice, and listens once to a signal', () => {
    const controller = new AbortController();
    const done: number[] = [];
    const undo = [1, 2, 3].map((n) => whenAborted(controller.signal, () => done.push(n)));
    undo[1]?.();
    undo[1]?.();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    undo[0]?.();
    expect(done).toEqual([1, 3]);
  });
});
