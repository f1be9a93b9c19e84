import type { Sort } from '../status/sort.js';

/** One parameter of a query. */
export interface Parameter<Value> {
  /** The value; `undefined` for a text that is none. */
  readonly parse: (text: string) => Value | undefined;
  /** What a value is, as in "is not …". */
  readonly expects: string;
  readonly fallback: Value;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values that a table of parameters describes. */
export type QueryOf<Table extends Parameters> = {
  readonly [Name in keyof Table]: Table[Name] extends Parameter<infer Value> ? Value : never;
};

export interface QueryProblem {
  readonly parameter: string;
  readonly message: string;
}

export type ParsedQuery<Query> =
  { readonly query: Query } | { readonly problems: readonly QueryProblem[] };

const LONGEST_TEXT = 256;

/** Any text that is not too long. */
export function text(): Parameter<string> {
  return {
    parse: (given) => (given.length <= LONGEST_TEXT ? given : undefined),
    expects: `a text of at most ${LONGEST_TEXT} characters`,
    fallback: '',
  };
}

/** A text that something has to be equal to. */
export function exactly(): Parameter<string | undefined> {
  return {
    parse: (given) => (given === '' ? undefined : text().parse(given)),
    expects: `a text of 1 to ${LONGEST_TEXT} characters`,
    fallback: undefined,
  };
}

/** One of some values. */
export function choice<Value extends string>(
  values: readonly Value[],
): Parameter<Value | undefined> {
  return {
    parse: (given) => values.find((value) => value === given),
    expects: `one of ${values.join(', ')}`,
    fallback: undefined,
  };
}

/** What a list is sorted by, as in `name`, and `-name` the other way round. */
export function sortBy<Key extends string>(
  keys: readonly Key[],
  fallback: Key,
): Parameter<Sort<Key>> {
  return {
    parse: (given) => {
      const descending = given.startsWith('-');
      const key = keys.find((candidate) => candidate === (descending ? given.slice(1) : given));
      return key === undefined ? undefined : { key, descending };
    },
    expects: `one of ${keys.join(', ')}, with - before it the other way round`,
    fallback: { key: fallback, descending: false },
  };
}

export function integer(range: {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}): Parameter<number> {
  const { fallback, max, min } = range;
  return {
    parse: (given) => {
      const value = /^\d{1,9}$/.test(given) ? Number(given) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
    expects: `an integer from ${min} to ${max}`,
    fallback,
  };
}

/** Reads a query strictly: what is not in the table, or twice, is a problem. All problems are told. */
export function parseQuery<Table extends Parameters>(
  table: Table,
  given: URLSearchParams,
): ParsedQuery<QueryOf<Table>> {
  const problems: QueryProblem[] = [];
  for (const parameter of new Set(given.keys())) {
    if (!Object.hasOwn(table, parameter)) {
      problems.push({ parameter, message: 'is not a parameter of this resource' });
    }
  }
  const values = Object.entries(table).map(([parameter, { expects, fallback, parse }]) => {
    const [text, ...more] = given.getAll(parameter);
    if (more.length > 0) problems.push({ parameter, message: 'is given more than once' });
    if (text === undefined) return [parameter, fallback];
    const value = parse(text);
    if (value === undefined) problems.push({ parameter, message: `is not ${expects}` });
    return [parameter, value];
  });
  if (problems.length > 0) return { problems };
  return { query: Object.fromEntries(values) as QueryOf<Table> };
}
