import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
} from 'yaml';
import { unknown, type Locate, type Problem } from './problem.js';
import type { Given } from './values.js';

/** Which keys a file may hold. */
export interface Layout<Name extends string> {
  /** The options, by the path of their key, joined with dots. */
  readonly names: ReadonlyMap<string, Name>;
  /** A key at the top under which anything may stand; whoever knows it reads it. */
  readonly raw: string;
  /** Whether a key without a value counts as if it were not there; it is wrong otherwise. */
  readonly blankIsAbsent?: boolean;
}

/** What a file holds, before any value is read. */
export interface YamlContent<Name extends string> {
  readonly given: ReadonlyMap<Name, Given>;
  /** What stands under the raw key, as plain data; `undefined` where nothing does. */
  readonly raw: unknown;
  readonly locate: Locate;
  readonly problems: readonly Problem[];
}

/** Reads the text of a file. `name` stands in messages. */
export function parseYaml<Name extends string>(
  name: string,
  text: string,
  { blankIsAbsent = false, names, raw: rawKey }: Layout<Name>,
): YamlContent<Name> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: Problem[] = [];
  const given = new Map<Name, Given>();
  const allPaths = [...names.keys(), rawKey];
  const sections = sectionsOf(allPaths);

  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const locate: Locate = (path, part) => {
    const offset =
      (part === 'key' ? offsetOfKey(document, path) : undefined) ?? offsetOf(document, path);
    return `${at(offset)} ${path.map(String).join('.')}`.trimEnd();
  };
  const report = (path: readonly PropertyKey[], message: string) =>
    problems.push({ path: locate(path), message });
  const reportUnknown = (key: unknown, path: string) =>
    problems.push({
      path: `${at(isNode(key) && key.range ? key.range[0] : 0)} ${path}`,
      message: path.endsWith(`.${rawKey}`)
        ? `unknown key; ${rawKey} stands at the top of the file`
        : unknown(
            'key',
            path,
            [...allPaths, ...sections].filter((known) => !path.startsWith(`${known}.`)),
          ),
    });

  /** What an alias stands for; `undefined` where that is nothing. */
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);

  const visit = (node: unknown, path: readonly string[]) => {
    if (!isMap(node)) {
      report(path, `is not a map of keys${path.length === 0 ? '; the file begins with one' : ''}`);
      return;
    }
    for (const { key, value: written } of node.items) {
      const value = resolved(written);
      const child = [...path, isScalar(key) ? String(key.value) : String(key)];
      const dotted = child.join('.');
      const option = names.get(dotted);
      const isKnown = option !== undefined || sections.has(dotted);
      if (dotted === rawKey || (isKnown && blankIsAbsent && isBlank(value))) continue;
      if (isKnown && value === undefined) {
        report(child, 'is an alias of nothing; its anchor has to stand before it');
      } else if (option !== undefined) {
        const texts = textsOf(value, resolved);
        if (texts === undefined) report(child, 'has no value, or one that is a map');
        else given.set(option, { origin: locate(child), texts });
      } else if (isKnown) visit(value, child);
      else reportUnknown(key, dotted);
    }
  };

  if (document.errors.length > 0) {
    for (const error of document.errors) {
      const [summary = ''] = error.message.split(/ at line |\n/);
      problems.push({ path: at(error.pos[0]), message: `not valid YAML: ${summary}` });
    }
    return { given, raw: undefined, locate, problems };
  }
  // An empty file is a file without options.
  if (document.contents !== null) visit(document.contents, []);
  const plain = (node: unknown): unknown => {
    try {
      return isNode(node) ? node.toJS(document) : node;
    } catch (error) {
      // An alias without its anchor, or so many of them that they can only be malice.
      report([rawKey], `not valid YAML: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const raw = document.has(rawKey) ? plain(document.getIn([rawKey])) : undefined;
  return { given, raw, locate, problems };
}

/** The paths above the paths of keys. */
function sectionsOf(paths: readonly string[]): ReadonlySet<string> {
  const sections = new Set(
    paths.flatMap((path) =>
      path.split('.').map((_, depth, keys) => keys.slice(0, depth).join('.')),
    ),
  );
  sections.delete('');
  return sections;
}

function isBlank(node: unknown): boolean {
  return node === null || (isScalar(node) && (node.value === null || node.value === ''));
}

/** The texts of a value as they stand in the file, so that a number keeps its digits. */
function textsOf(
  node: unknown,
  resolved: (node: unknown) => unknown,
): readonly string[] | undefined {
  // No list in a list: aliases could make many of few.
  const texts = (isSeq(node) ? node.items.map(resolved) : [node]).map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? JSON.stringify(node.value));
}

/** Where the last key of a path begins; `undefined` where there is none. */
function offsetOfKey(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** Where the node at a path begins, or the nearest one above it that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
