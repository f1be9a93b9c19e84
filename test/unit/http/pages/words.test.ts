import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../../../src/http/pages/bar.js';
import { firstProgressOf } from '../../../../src/http/pages/first-progress.js';
import { accountPath, linkTo, packPath, type Site } from '../../../../src/http/pages/site.js';
import { ago, count, statusWords } from '../../../../src/http/pages/words.js';
import type { ScopeStatus } from '../../../../src/status/scope-status.js';

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

describe('the first progress', () => {
  const scope = { source: 'default', region: 'eu-west-1', withdrawn: false } as const;
  const lastRefresh = { endedAt: '', durationSeconds: 1, successful: true, failures: [] };
  const read: ScopeStatus = { ...scope, state: 'ok', lastRefresh };
  const reading = (progress: ScopeStatus['progress']): ScopeStatus => ({
    ...scope,
    state: 'reading',
    progress,
  });
  const known = reading({ ratio: 0.5, done: 600, expected: 1_200, secondsLeft: 120 });
  const slower = reading({ ratio: 0.1, done: 10, expected: 100, secondsLeft: 45 });
  const unknown = reading({ ratio: 0.02, done: 20 });

  it.each<[string, number, readonly ScopeStatus[]]>([
    ['', 0, []],
    ['600 of 1,200 AWS API calls, about 2 minutes left', 50, [known]],
    ['10 of 100 AWS API calls, about 45 seconds left', 10, [slower]],
    ['20 AWS API calls', 2, [unknown]],
    ['0 of 2 scopes read, 610 of 1,300 AWS API calls, about 2 minutes left', 30, [known, slower]],
    ['1 of 2 scopes read, 20 AWS API calls in the others', 51, [read, unknown]],
    ['0 of 2 scopes read, 620 AWS API calls', 26, [known, unknown]],
    [
      '1 of 3 scopes read, 600 of 1,200 AWS API calls in the others',
      50,
      [read, known, { ...scope, state: 'waiting' }],
    ],
  ])('says "%s", and counts scopes alike', (text, percent, scopes) => {
    expect(firstProgressOf(scopes)).toMatchObject({ text, percent });
  });
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
