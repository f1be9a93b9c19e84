import type { Kind } from './kinds.js';

/** One option of a command. */
export interface Option<Value = unknown, Many extends boolean = boolean> {
  readonly kind: Kind<Value>;
  /** Whether it may be given several times. */
  readonly many: Many;
  /** As the user would write it; without one the option has no value until it is given. */
  readonly default?: string;
  readonly help: string;
  /** Whether it makes no sense in the file. */
  readonly notInFile?: true;
  /** Whether a change takes effect with a restart only. */
  readonly needsRestart?: true;
  /** What it is there for, where that is something else than with the rest of its section. */
  readonly purpose?: Purpose;
}

/** What an option is there for. A command's help has those that do something for it. */
export type Purpose =
  /** How AWS is asked. */
  | 'asking'
  /** Which packs are read. */
  | 'selecting'
  /** When something is read again, and how long it is good for. */
  | 'repeating'
  /** How much the metrics tell. */
  | 'telling'
  | 'logging'
  /** What only a process that runs on has. */
  | 'serving';

type More = Pick<Option, 'notInFile' | 'needsRestart' | 'purpose'>;

/** To be added to a row. */
export const NEEDS_RESTART = { needsRestart: true } as const;
export const FOR_REPEATING = { purpose: 'repeating' } as const;

export function one<Value>(kind: Kind<Value>, help: string, more: More = {}) {
  return { kind, help, many: false, ...more } as const;
}

export function oneOr<Value>(kind: Kind<Value>, fallback: string, help: string, more: More = {}) {
  return { kind, help, many: false, default: fallback, ...more } as const;
}

export function several<Value>(kind: Kind<Value>, help: string, more: More = {}) {
  return { kind, help, many: true, ...more } as const;
}

export function severalOr<Value>(
  kind: Kind<Value>,
  fallback: string,
  help: string,
  more: More = {},
) {
  return { kind, help, many: true, default: fallback, ...more } as const;
}

type ValueOf<Row> = Row extends { readonly kind: Kind<infer Value>; readonly many: infer Many }
  ? Many extends true
    ? readonly Value[]
    : Row extends { readonly default: string }
      ? Value
      : Value | undefined
  : never;

/** The value of every option of a table. */
export type ValuesOf<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** The rows of a table, for those who treat all options alike. */
export function rowsOf<Name extends string>(
  table: Readonly<Record<Name, Option>>,
): readonly (readonly [Name, Option])[] {
  return Object.entries(table) as never;
}
