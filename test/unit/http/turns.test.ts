import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurns } from '../../../src/http/turns.js';

/** Something that ends when somebody says so. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const NEVER = 2 ** 31 - 1;

describe('turns', () => {
  it('do one piece of work after the other, in the order in which they come', async () => {
    const { inTurn } = createTurns();
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await setImmediate();
      events.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([inTurn(work('a')), inTurn(work('b'))])).toEqual(['a', 'b']);
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('let the event loop go round in between', async () => {
    const { inTurn } = createTurns();
    const events: string[] = [];
    const first = inTurn(() => {
      events.push('a');
      globalThis.setImmediate(() => events.push('something else'));
    });
    await Promise.all([first, inTurn(() => events.push('b'))]);
    expect(events).toEqual(['a', 'something else', 'b']);
  });

  it('go on after work that failed', async () => {
    const { inTurn } = createTurns();
    const failed = inTurn(() => Promise.reject(new Error('defect')));
    const next = inTurn(() => 'next');
    await expect(failed).rejects.toThrow('defect');
    expect(await next).toBe('next');
  });

  it('give way to all that is urgent, well or badly as it may end', async () => {
    const { giveWay, inTurn } = createTurns(NEVER);
    const [first, second] = [gate(), gate()];
    const events: string[] = [];
    giveWay(first.opened.then(() => events.push('first')));
    const turn = inTurn(() => events.push('turn'));
    await setImmediate();
    giveWay(second.opened.then(() => Promise.reject(new Error(String(events.push('second'))))));
    first.open();
    await setImmediate();
    expect(events).toEqual(['first']);
    second.open();
    await turn;
    expect(events).toEqual(['first', 'second', 'turn']);
  });

  it('do not give way for ever', async () => {
    const { giveWay, inTurn } = createTurns(1);
    giveWay(gate().opened);
    expect(await inTurn(() => 'done')).toBe('done');
  });
});
