import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a file of this repository. */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

/** Text of a file of this repository. */
export function textOf(file: string): string {
  return readFileSync(pathOf(file), 'utf8');
}

/** A fenced block of a page. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** Why no test runs it, where a comment above it says so. */
  readonly notRun: string | undefined;
}

/** A line above a block of commands that no test can run: `<!-- not run: why -->`. */
const NOT_RUN = /^<!-- not run: (.+) -->$/;

/** The fenced blocks of a Markdown page, in their order. */
export function fencesOf(page: string): readonly Fence[] {
  const fences: Fence[] = [];
  let notRun: string | undefined;
  let open: { language: string; lines: string[] } | undefined;
  for (const line of page.split('\n')) {
    if (open === undefined) {
      const language = /^```(\w+)$/.exec(line)?.[1];
      if (language !== undefined) open = { language, lines: [] };
      else if (line !== '') notRun = NOT_RUN.exec(line)?.[1];
    } else if (line === '```') {
      fences.push({ language: open.language, text: open.lines.join('\n'), notRun });
      open = undefined;
      notRun = undefined;
    } else open.lines.push(line);
  }
  return fences;
}
