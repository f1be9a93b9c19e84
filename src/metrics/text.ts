import type { Format } from './format.js';

/** Pieces of the text that both exposition formats share. */

const LABEL_ESCAPES: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

export function escapeLabelValue(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => LABEL_ESCAPES[character] ?? character);
}

/** `a="1",b="2"`, without the braces. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, i) => `${name}="${escapeLabelValue(values[i] ?? '')}"`).join(',');
}

/** A sample value as both formats write it. */
export function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

export interface FamilyHead {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Whether the value is computed while the exposition is rendered, as an age is. */
  readonly live?: true;
}

/**
 * The families whose values stay as they are until something is read. `live` is `false` for a file,
 * which outlives the process: there a counter would mean nothing.
 */
export function staticFamilies<Family extends FamilyHead>(
  families: readonly Family[],
  live: boolean,
): readonly Family[] {
  const lasting = families.filter((family) => family.live === undefined);
  return live ? lasting : lasting.filter(({ type }) => type !== 'counter');
}

/** The families whose values depend on the time; none for a file, where they would lie. */
export function liveFamilies<Family extends FamilyHead>(
  families: readonly Family[],
  live: boolean,
): readonly Family[] {
  return live ? families.filter((family) => family.live !== undefined) : [];
}

/** The HELP and TYPE lines. A counter's OpenMetrics family goes without the suffix of its samples. */
export function headText({ name, type, help }: FamilyHead, format: Format): string {
  const family =
    format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  return `# HELP ${family} ${help}\n# TYPE ${family} ${type}\n`;
}

/** The sentence in HELP that says how old the data may be. */
export const BACKGROUND = 'Read in a background refresh, not at scrape time.';

/** The same of a live family. */
export const LIVE = 'Computed at scrape time from the last background refresh.';
