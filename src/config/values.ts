import type { Option, ValuesOf } from './option.js';
import type { Problem } from './problem.js';

/** The texts given for one option, and where. */
export interface Given {
  /** Stands in messages. */
  readonly origin: string;
  readonly texts: readonly string[];
}

/** Texts by option as they were given somewhere, with their origin. */
export function givenAs<Name extends string>(
  texts: ReadonlyMap<Name, readonly string[]>,
  originOf: (name: Name) => string,
): ReadonlyMap<Name, Given> {
  return new Map(
    [...texts].map(([name, given]) => [name, { origin: originOf(name), texts: given }]),
  );
}

/** Reads the value of every option of a table; adds what is wrong to `problems`. */
export function readValues<Table extends Readonly<Record<string, Option>>>(
  rows: readonly (readonly [keyof Table & string, Option])[],
  find: (name: keyof Table & string) => Given | undefined,
  problems: Problem[],
): ValuesOf<Table> {
  const values = rows.map(([name, option]) => [name, valueOf(option, find(name), problems)]);
  return Object.fromEntries(values) as ValuesOf<Table>;
}

/** The value of one option, or `undefined` where there is none or it is wrong. */
function valueOf(option: Option, given: Given | undefined, problems: Problem[]): unknown {
  const texts = given?.texts ?? (option.default === undefined ? [] : [option.default]);
  const path = given?.origin ?? 'default';
  if (!option.many && texts.length > 1) problems.push({ path, message: 'is given more than once' });
  const values = texts.map((text) => {
    const parsed = option.kind.schema.safeParse(text);
    if (parsed.success) return parsed.data;
    problems.push(...parsed.error.issues.map(({ message }) => ({ path, message })));
    return undefined;
  });
  return option.many ? values : values[0];
}
