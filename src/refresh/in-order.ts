import pLimit from 'p-limit';

/**
 * Does work on items in their order, on so many at a time, and resolves with what it brought, in the
 * order of the items. So the first are done long before the last. When no more than twice as many are
 * left, all of them are worked on side by side: otherwise the very last would be worked on alone.
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  let left = items.length;
  const concurrency = () => (left > 2 * atOnce ? atOnce : 2 * atOnce);
  const limit = pLimit(concurrency());
  const workOn = async (item: Item) => {
    try {
      return await work(item);
    } finally {
      left--;
      limit.concurrency = concurrency();
    }
  };
  return Promise.all(items.map((item) => limit(() => workOn(item))));
}
