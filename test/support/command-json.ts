import { textOf } from './repository.js';

/** The fields of a command's JSON, as they are documented. */
export function documentedFields(command: string): ReadonlySet<string> {
  const [, section = ''] = textOf('docs/command-json.md').split(`\n## ${command}\n`);
  const [own = ''] = section.split('\n## ');
  const rows = [...own.matchAll(/^\| `([^`]+)`(?: \?)? +\|/gm)];
  return new Set(rows.map(([, path = '']) => path));
}

/** What has keys that somebody chose, or that are many of a kind. */
const KEYED = /^(accounts|series)\.[^.]+/;

/** The paths of all values of JSON documents, such as `rows[].pack`. */
export function fieldsOf(...texts: readonly string[]): ReadonlySet<string> {
  const paths = texts.flatMap((text) => pathsOf(JSON.parse(text), ''));
  return new Set(paths.map((path) => path.replace(KEYED, '$1.*')));
}

function pathsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, of]) =>
    pathsOf(of, path === '' ? name : `${path}.${name}`),
  );
}
