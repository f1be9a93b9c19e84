import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../../../src/http/pages/bar.js';
import { firstProgressOf } from '../../../../src/http/pages/first-progress.js';
import { accountPath, linkTo, packPath, type Site } from '../../../../src/http/pages/site.js';
import { ago, count, statusWords } from '../../../../src/http/pages/words.js';

it.each([
  [-5_000, 'just now'],
  [999, 'just now'],
  [1_000, '1 second ago'],
  [59_999, '59 seconds ago'],
  [60_000, '1 minute ago'],
  [7_199_999, '1 hour ago'],
  [86_400_000 * 400, '400 days ago'],
])('%d ms are told as "%s"', (ms, words) => {
  expect(ago(ms)).toBe(words);
});

it('numbers and statuses are told in words', () => {
  expect([count(1, 'pack'), count(0, 'pack'), count(1_234, 'pack')]).toEqual([
    '1 pack',
    '0 packs',
    '1,234 packs',
  ]);
  expect(statusWords('CREATE_IN_PROGRESS')).toBe('Create in progress');
  expect(statusWords('')).toBe('');
});

describe('a bar', () => {
  it('shows what there is, however little, and leaves out what there is not', () => {
    const shares = sharesOf([
      ['failed', 1],
      ['missing', 0],
      ['good', 9_999],
    ]);
    expect(shares.map(({ name }) => name)).toEqual(['failed', 'good']);
    expect(shares[0]?.width).toBeGreaterThan(1.5);
    expect(sharesOf([['good', 0]])).toEqual([]);
  });

  it('is filled from end to end without a gap', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (counts) => {
        const shares = sharesOf(counts.map((number, index) => [String(index), number] as const));
        let end = 0;
        for (const { start, width } of shares) {
          expect(start).toBeCloseTo(end);
          end = start + width;
        }
        expect(end).toBeCloseTo(counts.some((number) => number > 0) ? 100 : 0);
      }),
    );
  });
});

it('the first progress counts scopes alike, and packs without the listing', () => {
  const scope = { source: 'default', region: 'eu-west-1', withdrawn: false } as const;
  const lastRefresh = { endedAt: '', durationSeconds: 1, successful: true, failures: [] };
  expect(
    firstProgressOf([
      { ...scope, state: 'ok', lastRefresh },
      { ...scope, state: 'reading', progress: { done: 6, expected: 11 } },
      { ...scope, state: 'reading', progress: { done: 0, expected: 1 } },
      { ...scope, state: 'waiting' },
    ]),
  ).toEqual({ read: 1, packs: { done: 5, expected: 10 }, percent: 38 });
  expect(firstProgressOf([])).toEqual({ read: 0, packs: { done: 0, expected: 0 }, percent: 0 });
});

describe('a link', () => {
  const site = { linkPrefix: '/prefix' } as Site;

  it('leads below the prefix, with what is asked for and nothing else', () => {
    expect(linkTo(site, '/')).toBe('/prefix/');
    expect(linkTo(site, '/', { q: 'a&b', limit: undefined, sort: '', offset: 0 })).toBe(
      '/prefix/?q=a%26b&offset=0',
    );
  });

  it('can be made of any name', () => {
    const key = { source: 'a.b', region: 'eu-west-1', pack: '../<x>?#\ud800' };
    expect(packPath(key)).toBe('/packs/a.b/eu-west-1/..%2F%3Cx%3E%3F%23%EF%BF%BD');
    expect(accountPath('1/2')).toBe('/accounts/1%2F2');
  });
});
