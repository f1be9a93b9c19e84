import type { Plot } from './plot.js';

/** Something that is measured beside its baseline. What it measures is plain data, to be kept as JSON. */
export interface Benchmark<Data = unknown> {
  /** What it measures, for whoever asks which there are. */
  readonly summary: string;
  /** Runs it. `tell` says how far it has come. */
  readonly measure: (tell: (line: string) => void) => Promise<Data>;
  /** What was measured, for people. */
  readonly present: (data: Data) => Section;
}

/** A part of the page about performance. */
export interface Section {
  readonly title: string;
  /** Paragraphs of Markdown: what was done, and how it compares. */
  readonly text: string;
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** For those who treat all benchmarks alike: what a benchmark presents is what it has measured. */
export function benchmark<Data>(definition: Benchmark<Data>): Benchmark {
  return { ...definition, present: (data) => definition.present(data as Data) };
}
