import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { filePath, OPTION_ROWS, type OptionName } from './options.js';
import { unknown, type Problem } from './problem.js';
import type { Given } from './values.js';

/** What a configuration file holds, before any value is read. */
export interface FileContent {
  readonly given: ReadonlyMap<OptionName, Given>;
  /** What stands under `sources`, as plain data; `undefined` where nothing does. */
  readonly sources: unknown;
  /** Where a path of keys stands, for messages. */
  readonly locate: (path: readonly PropertyKey[]) => string;
  readonly problems: readonly Problem[];
}

const SOURCES = 'sources';

const namesByPath = new Map(
  OPTION_ROWS.filter(([, option]) => !option.notInFile).map(([name]) => [
    filePath(name).join('.'),
    name,
  ]),
);
const allPaths = [...namesByPath.keys(), SOURCES];
const sections = new Set(
  allPaths.flatMap((path) =>
    path.split('.').map((_, depth, keys) => keys.slice(0, depth).join('.')),
  ),
);
sections.delete('');

/** Reads the text of a configuration file. `name` stands in messages. */
export function parseFile(name: string, text: string): FileContent {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: Problem[] = [];
  const given = new Map<OptionName, Given>();

  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const locate = (path: readonly PropertyKey[]) =>
    `${at(offsetOf(document, path))} ${path.map(String).join('.')}`.trimEnd();
  const report = (path: readonly PropertyKey[], message: string) =>
    problems.push({ path: locate(path), message });
  const reportUnknown = (key: unknown, path: string) =>
    problems.push({
      path: `${at(isNode(key) && key.range ? key.range[0] : 0)} ${path}`,
      message: unknown('key', path, [...allPaths, ...sections]),
    });

  const visit = (node: unknown, path: readonly string[]) => {
    if (!isMap(node)) {
      report(path, `is not a map of keys${path.length === 0 ? '; the file begins with one' : ''}`);
      return;
    }
    for (const { key, value } of node.items) {
      const child = [...path, isScalar(key) ? String(key.value) : String(key)];
      const dotted = child.join('.');
      const option = namesByPath.get(dotted);
      if (option !== undefined) {
        const texts = textsOf(value);
        if (texts === undefined) report(child, 'has no value, or one that is a map');
        else given.set(option, { origin: locate(child), texts });
      } else if (sections.has(dotted)) visit(value, child);
      else if (dotted !== SOURCES) reportUnknown(key, dotted);
    }
  };

  if (document.errors.length > 0) {
    for (const error of document.errors) {
      const [summary = ''] = error.message.split(/ at line |\n/);
      problems.push({ path: at(error.pos[0]), message: `not valid YAML: ${summary}` });
    }
    return { given, sources: undefined, locate, problems };
  }
  // An empty file is a file without options.
  if (document.contents !== null) visit(document.contents, []);
  const sources: unknown = document.has(SOURCES) ? document.getIn([SOURCES]) : undefined;
  return { given, sources: isNode(sources) ? sources.toJS(document) : sources, locate, problems };
}

/** The texts of a value as they stand in the file, so that a number keeps its digits. */
function textsOf(node: unknown): readonly string[] | undefined {
  if (isSeq(node)) {
    const items = node.items.map(textsOf);
    return items.every((item) => item?.length === 1)
      ? items.flatMap((item) => item ?? [])
      : undefined;
  }
  if (!isScalar(node) || node.value === null) return undefined;
  return [
    typeof node.value === 'string' ? node.value : (node.source ?? JSON.stringify(node.value)),
  ];
}

/** Where the node at a path begins, or the nearest one above it that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
