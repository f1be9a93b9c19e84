import { describe, expect, it } from 'vitest';
import { InvalidResponseError } from '../../../src/aws/errors.js';
import { pages } from '../../../src/aws/pages.js';
import type { Page, PageRequest } from '../../../src/aws/port.js';

const OPERATION = 'DescribeOrganizationConformancePacks';
const { signal } = new AbortController();

async function readAll(
  fetchPage: (request: PageRequest) => Page<number>,
  pageSize = 100,
): Promise<number[]> {
  const items: number[] = [];
  const fetch = (request: PageRequest) => Promise.resolve(fetchPage(request));
  for await (const page of pages(OPERATION, fetch, { pageSize, signal })) items.push(...page);
  return items;
}

describe('pages', () => {
  it('reads to the end, each page with the token of the one before', async () => {
    const requests: PageRequest[] = [];
    const listing: Record<string, Page<number>> = {
      first: { items: [1, 2], nextToken: 'a' },
      a: { items: [], nextToken: 'b' },
      b: { items: [3] },
    };
    const items = await readAll((request) => {
      requests.push(request);
      return listing[request.nextToken ?? 'first'] ?? { items: [] };
    }, 2);
    expect(items).toEqual([1, 2, 3]);
    expect(requests.map(({ limit, nextToken }) => [limit, nextToken])).toEqual([
      [2, undefined],
      [2, 'a'],
      [2, 'b'],
    ]);
  });

  it.each([
    ['at once', ['same', 'same']],
    ['after a while', ['a', 'b', 'c', 'a']],
  ])('a token that comes again %s is an error', async (_, tokens) => {
    let page = 0;
    const reading = readAll(() => ({ items: [], nextToken: tokens[page++] }));
    await expect(reading).rejects.toThrow(/same page token twice/);
    expect(page).toBe(tokens.length);
  });

  it('a listing without an end is an error', async () => {
    let page = 0;
    const reading = readAll(() => ({ items: [], nextToken: String(page++) }), 100);
    await expect(reading).rejects.toBeInstanceOf(InvalidResponseError);
    expect(page).toBe(1000);
  });
});
