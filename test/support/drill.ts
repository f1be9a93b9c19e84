import { readFileSync } from 'node:fs';

/** A row of the fire drill: what makes an alert fire. */
export interface DrillRow {
  readonly alert: string;
  readonly severity: string;
  readonly command: readonly string[];
  /** What is to be done once it runs; empty for nothing. */
  readonly then: string;
}

export interface Drill {
  readonly rows: readonly DrillRow[];
  /** Commands with which nothing fires. */
  readonly silent: readonly (readonly string[])[];
}

/** The fire drill as its page has it, so that the page and what is tested are the same. */
export function loadDrill(): Drill {
  const page = readFileSync(new URL('../../docs/fire-drill.md', import.meta.url), 'utf8');
  const tables = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim().replace(/^`([^`]+)`$/, '$1')));
  return {
    rows: tables
      .filter(({ length }) => length === 4)
      .map(([alert = '', severity = '', command = '', then = '']) => ({
        alert,
        severity,
        command: argumentsOf(command),
        then,
      })),
    silent: tables
      .filter(({ length }) => length === 2)
      .map(([command = '']) => argumentsOf(command)),
  };
}

function argumentsOf(command: string): readonly string[] {
  const [program, ...args] = command.split(' ');
  if (program !== 'conformance-pack-exporter') throw new Error(`not our program: ${command}`);
  return args;
}
