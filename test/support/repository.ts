import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a file of this repository. */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

/** Text of a file of this repository. */
export function textOf(file: string): string {
  return readFileSync(pathOf(file), 'utf8');
}

/** Folders of this repository that hold what others have written, or what is made of the rest. */
const NOT_OURS = ['dist', 'node_modules'];

/** Every Markdown page of this repository, wherever it is. */
export function pagesOf(folder = ''): readonly string[] {
  return readdirSync(pathOf(folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || NOT_OURS.includes(entry.name)) return [];
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) return pagesOf(`${path}/`);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** A fenced block of a page. */
export interface Fence {
  /** Empty where the page does not say it. */
  readonly language: string;
  readonly text: string;
  /** Why no test runs it, where a comment above it says so. */
  readonly notRun: string | undefined;
}

/** A line above a block of commands that no test can run: `<!-- not run: why -->`. */
const NOT_RUN = /^[ >]*<!-- not run: (.+) -->$/;

/** A fence, within lists and quotations too: what is before it on its line, itself, and its language. */
const FENCE = /^([ >]*)(`{3,}|~{3,}) *([^\s`{]*)/;

/** The fenced blocks of a Markdown page, in their order. Throws where one has no end. */
export function fencesOf(page: string): readonly Fence[] {
  const fences: Fence[] = [];
  let notRun: string | undefined;
  let open: { before: string; fence: string; language: string; lines: string[] } | undefined;
  for (const line of page.split('\n')) {
    const [, before = '', fence = '', language = ''] = FENCE.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { before, fence, language, lines: [] };
      else if (line.trim() !== '') notRun = NOT_RUN.exec(line)?.[1];
    } else if (fence.startsWith(open.fence) && language === '') {
      fences.push({ language: open.language, text: open.lines.join('\n'), notRun });
      open = undefined;
      notRun = undefined;
    } else {
      open.lines.push(line.startsWith(open.before) ? line.slice(open.before.length) : line);
    }
  }
  if (open !== undefined) throw new Error(`A block never ends:\n${open.lines.join('\n')}`);
  return fences;
}

/** What blocks hold that are read by programs, and no commands. */
const DATA = ['hcl', 'json', 'promql', 'yaml'];

/** Commands of a page, as they stand there in one block. */
export interface Commands {
  readonly page: string;
  readonly text: string;
  /** Why no test runs them, where the page says so. */
  readonly notRun: string | undefined;
}

/** The commands of a page: every block that is not known to be something else. */
export function commandsOf(page: string, text = textOf(page)): readonly Commands[] {
  return fencesOf(text)
    .filter(({ language }) => !DATA.includes(language))
    .map((fence) => ({ page, text: fence.text, notRun: fence.notRun }));
}

/** The commands of a block one by one, those that go over several lines joined. */
export function linesOf(commands: string): readonly string[] {
  return commands.replaceAll(/ *\\\n */g, ' ').split('\n');
}
