import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../src/refresh/in-order.js';

/** Works on items that take one step each, so many side by side; tells which were open at each step. */
async function play(items: number, atOnce: number) {
  const open = new Set<number>();
  const seen: (readonly number[])[] = [];
  const results = await inOrder(
    Array.from({ length: items }, (_, item) => item),
    atOnce,
    async (item) => {
      open.add(item);
      await setImmediate();
      seen.push([...open]);
      open.delete(item);
      return item * 10;
    },
  );
  return { results, most: seen.map(({ length }) => length) };
}

describe('inOrder', () => {
  it('brings the results in the order of the items', async () => {
    expect((await play(20, 3)).results).toEqual(Array.from({ length: 20 }, (_, item) => item * 10));
    expect((await play(0, 3)).results).toEqual([]);
  });

  it('works on so many at a time, and on the last ones together', async () => {
    const { most } = await play(20, 3);
    expect(Math.max(...most.slice(0, 12))).toBe(3);
    expect(Math.max(...most)).toBe(6);
    expect((await play(6, 3)).most[0]).toBe(6);
  });

  it('rejects with what the work rejects with', async () => {
    const failing = inOrder([1, 2], 1, () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
  });
});
