import { describe, expect, it } from 'vitest';
import { choice, exactly, integer, parseQuery, sortBy, text } from '../../../src/http/query.js';

const TABLE = {
  q: text(),
  color: choice(['red', 'blue']),
  name: exactly(),
  sort: sortBy(['name', 'age'], 'name'),
  limit: integer({ min: 1, max: 50, fallback: 10 }),
} as const;

const parse = (query: string) => parseQuery(TABLE, new URLSearchParams(query));

describe('a query', () => {
  it('has its fallbacks where nothing is given', () => {
    expect(parse('')).toEqual({
      query: {
        q: '',
        color: undefined,
        name: undefined,
        sort: { key: 'name', descending: false },
        limit: 10,
      },
    });
  });

  it('has what is given', () => {
    expect(parse('q=a%20b&color=blue&name=x&sort=-age&limit=50')).toEqual({
      query: {
        q: 'a b',
        color: 'blue',
        name: 'x',
        sort: { key: 'age', descending: true },
        limit: 50,
      },
    });
  });

  it.each([
    ['limit=0', 'limit', 'is not an integer from 1 to 50'],
    ['limit=51', 'limit', 'is not an integer from 1 to 50'],
    ['limit=1.5', 'limit', 'is not an integer from 1 to 50'],
    ['limit=1e1', 'limit', 'is not an integer from 1 to 50'],
    ['limit=+5', 'limit', 'is not an integer from 1 to 50'],
    ['limit=', 'limit', 'is not an integer from 1 to 50'],
    ['color=green', 'color', 'is not one of red, blue'],
    ['color=', 'color', 'is not one of red, blue'],
    ['name=', 'name', 'is not a text of 1 to 256 characters'],
    [`q=${'x'.repeat(257)}`, 'q', 'is not a text of at most 256 characters'],
    ['sort=size', 'sort', 'is not one of name, age, with - before it the other way round'],
    ['sort=--age', 'sort', 'is not one of name, age, with - before it the other way round'],
    ['limit=5&limit=5', 'limit', 'is given more than once'],
    ['toString=1', 'toString', 'is not a parameter of this resource'],
    ['__proto__=1', '__proto__', 'is not a parameter of this resource'],
  ])('with %s is wrong', (query, parameter, message) => {
    expect(parse(query)).toEqual({ problems: [{ parameter, message }] });
  });

  it('tells all that is wrong at once', () => {
    const parsed = parse('limit=0&color=green&size=1');
    expect('problems' in parsed && parsed.problems.map(({ parameter }) => parameter)).toEqual([
      'size',
      'color',
      'limit',
    ]);
  });
});
