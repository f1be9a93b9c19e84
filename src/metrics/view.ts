import type { SourceState, Store } from '../refresh/store.js';
import { shownAccounts, type SeriesPlan } from './account-series.js';
import { PACK_FAMILIES } from './pack-families.js';
import { SOURCE_FAMILIES } from './source-families.js';
import { viewSources } from './source-view.js';
import { toldFamilies } from './text.js';
import { viewScope, type PackView, type ShownPack } from './pack-view.js';
import { SeriesModeChooser, type SeriesOptions } from './series-mode.js';

export interface ViewOptions extends SeriesOptions {
  /** Samples of packs and accounts in one exposition; 0 for no limit. */
  readonly samplesLimit: number;
  /** Data older than this is withdrawn; 0 for never. In milliseconds. */
  readonly maxStalenessMs: number;
  /** Whether ages and counters are told. They would lie in a file, which is read later than it is written. */
  readonly live: boolean;
}

/** What an exposition shows, apart from the values of ages. */
export interface View {
  /** Whether it shows ages and counters. */
  readonly live: boolean;
  readonly packs: readonly ShownPack[];
  /** What is known of each source, without what is too old. */
  readonly sources: readonly SourceState[];
  readonly plan: SeriesPlan;
  /** Samples of packs and accounts. */
  readonly samples: number;
  /** When part of it becomes too old to be shown, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The view of the store's present state, made anew only when the state changed or became too old. */
export class Views {
  readonly #store: Store;
  #options: ViewOptions;
  #chooser: SeriesModeChooser;
  #current: { readonly view: View; readonly version: number } | undefined;

  constructor(store: Store, options: ViewOptions) {
    this.#store = store;
    this.#options = options;
    this.#chooser = new SeriesModeChooser(options);
  }

  /** Goes on with other options, and chooses the account-series mode anew. */
  configure(options: ViewOptions): void {
    this.#options = options;
    this.#chooser = new SeriesModeChooser(options);
    this.#current = undefined;
  }

  /** `now` in milliseconds since the epoch. */
  at(now: number): View {
    const { version } = this.#store;
    if (this.#current?.version !== version || now > this.#current.view.expiresAt) {
      this.#current = { view: this.#build(now), version };
    }
    return this.#current.view;
  }

  #build(now: number): View {
    const { live, maxStalenessMs, samplesLimit } = this.#options;
    const freshness = { now, lifetimeMs: maxStalenessMs === 0 ? Infinity : maxStalenessMs };
    const { states } = this.#store;
    const sources = viewSources(this.#store.sources, states, freshness);
    const scopes = states.map((state) =>
      viewScope(state, freshness, sources.expected.get(state.scope.source)),
    );
    const packs = scopes.flatMap((scope) => scope.packs);
    const dense =
      packs.reduce((sum, pack) => sum + countPackSamples(pack, live), 0) +
      sources.states.reduce((sum, source) => sum + countSourceSamples(source), 0);
    const budget = samplesLimit === 0 ? Infinity : Math.max(0, samplesLimit - dense);
    const plan = this.#chooser.plan(packs, this.#store.tried, budget);
    return {
      live,
      packs: packs.map((pack) => ({ ...pack, ...shownAccounts(pack, plan) })),
      sources: sources.states,
      plan,
      samples: dense + plan.samples,
      expiresAt: Math.min(sources.expiresAt, ...scopes.map(({ expiresAt }) => expiresAt)),
    };
  }
}

const NO_ROWS = new Uint32Array(0);

/** The pack families are dense: how many samples they have depends neither on time nor on the mode. */
function countPackSamples(pack: PackView, live: boolean): number {
  const shown: ShownPack = { ...pack, rows: NO_ROWS, missing: NO_ROWS, omitted: 0 };
  let samples = 0;
  for (const family of toldFamilies(PACK_FAMILIES, live))
    samples += [...family.samples(shown, 0)].length;
  return samples;
}

function countSourceSamples(source: SourceState): number {
  let samples = 0;
  for (const family of SOURCE_FAMILIES) samples += [...family.samples(source)].length;
  return samples;
}
