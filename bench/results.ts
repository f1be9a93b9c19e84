import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.js';

/** What a benchmark measured last, as it is kept beside the page about performance. */
export interface Result {
  readonly machine: Machine;
  readonly data: unknown;
}

/** Where results are kept. */
export const RESULTS = fileURLToPath(new URL('../docs/performance/', import.meta.url));

export function resultPath(name: string): string {
  return `${RESULTS}${name}.json`;
}

/** `undefined` where it was never kept. */
export function readResult(name: string): Result | undefined {
  const path = resultPath(name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result) : undefined;
}
