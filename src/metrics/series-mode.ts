import type { PackView } from './pack-view.js';
import type { Sliced } from './slices.js';
import {
  countSeries,
  planSeries,
  SERIES_MODES,
  type SeriesDetail,
  type SeriesMode,
  type SeriesPlan,
} from './account-series.js';

export interface SeriesOptions {
  /** `auto` takes the richest of `full`, `active` and `failed` that fits the limit. */
  readonly series: SeriesMode | 'auto';
  /** Whether ages are told beside times; `auto` tells them with `full` series. */
  readonly age: 'auto' | 'always' | 'never';
}

/** The modes that `auto` may take, richest first. */
export const AUTO_MODES: readonly SeriesMode[] = SERIES_MODES.filter((mode) => mode !== 'none');

/**
 * Chooses the account-series mode. An automatic choice is made once something is known of every scope and source or they have been tried, and
 * from then on only steps down until restart: a mode that swings with the organization's size would
 * make and end thousands of series each time.
 */
export class SeriesModeChooser {
  readonly #options: SeriesOptions;
  #chosen: SeriesMode | undefined;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  /** `settled`: whether every scope and source has been tried. Until then `auto` shows what no mode leaves out. */
  plan(packs: readonly PackView[], settled: boolean, budget: number): Sliced<SeriesPlan> {
    return planSeries(packs, this.#detail(this.#mode(packs, settled, budget)), budget);
  }

  #mode(packs: readonly PackView[], settled: boolean, budget: number): SeriesMode {
    const { series } = this.#options;
    if (series !== 'auto') return series;
    if (!settled) return 'failed';
    const candidates = AUTO_MODES.slice(AUTO_MODES.indexOf(this.#chosen ?? 'full'));
    const fits = (mode: SeriesMode) => countSeries(packs, this.#detail(mode)) <= budget;
    this.#chosen = candidates.find(fits) ?? 'failed';
    return this.#chosen;
  }

  #detail(mode: SeriesMode): SeriesDetail {
    return seriesDetail(mode, this.#options.age);
  }
}

/** What is told of each account in a mode. */
export function seriesDetail(mode: SeriesMode, age: SeriesOptions['age']): SeriesDetail {
  return { mode, ages: age === 'always' || (age === 'auto' && mode === 'full') };
}
