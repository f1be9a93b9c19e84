import type { SourceState, Store } from '../refresh/store.js';
import { shownAccounts, type SeriesPlan } from './account-series.js';
import { PACK_FAMILIES } from './pack-families.js';
import { SOURCE_FAMILIES } from './source-families.js';
import { viewSources } from './source-view.js';
import { inSlices, type Sliced } from './slices.js';
import { liveFamilies, staticFamilies } from './text.js';
import { viewScope, type Freshness, type PackView, type ShownPack } from './pack-view.js';
import { SeriesModeChooser, type SeriesOptions } from './series-mode.js';

export interface ViewOptions extends SeriesOptions {
  /** Samples of packs and accounts in one exposition; 0 for no limit. */
  readonly samplesLimit: number;
  /** Data older than this is withdrawn; 0 for never. In milliseconds. */
  readonly maxStalenessMs: number;
  /** The same for the accounts of the organization, which are read less often. */
  readonly accountsMaxStalenessMs: number;
  /** Whether the accounts of the organization are told. */
  readonly tellsAccounts: boolean;
  /** Whether ages and counters are told. They would lie in a file, which is read later than it is written. */
  readonly live: boolean;
}

/** What an exposition shows, apart from the values of ages. */
export interface View {
  /** Whether it shows ages and counters. */
  readonly live: boolean;
  readonly packs: readonly ShownPack[];
  /** What is told of each source, without what is too old. */
  readonly sources: readonly SourceState[];
  /** What is known of each source, told or not, without what is too old. */
  readonly known: readonly SourceState[];
  /** Data older than this is withdrawn; `Infinity` for never. In milliseconds. */
  readonly lifetimeMs: number;
  readonly plan: SeriesPlan;
  /** Samples of packs and accounts. */
  readonly samples: number;
  /** When part of it becomes too old to be shown, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

interface Built {
  readonly view: View;
  /** What it was built of. */
  readonly version: number;
  readonly options: ViewOptions;
}

/**
 * The view of the store's present state, made anew only when the state changed or became too old. It
 * is made in slices, since half a million accounts take longer than anybody else should wait.
 */
export class Views {
  readonly #store: Store;
  #options: ViewOptions;
  #chooser: SeriesModeChooser;
  #built: Built | undefined;
  #building: Promise<View> | undefined;

  constructor(store: Store, options: ViewOptions) {
    this.#store = store;
    this.#options = options;
    this.#chooser = new SeriesModeChooser(options);
  }

  /** Goes on with other options, and chooses the account-series mode anew. */
  configure(options: ViewOptions): void {
    this.#options = options;
    this.#chooser = new SeriesModeChooser(options);
  }

  /** The last one that was asked for; `undefined` before the first. */
  get last(): View | undefined {
    return this.#built?.view;
  }

  /** `now` in milliseconds since the epoch. */
  async at(now: number): Promise<View> {
    if (this.#built && this.#holds(this.#built, now)) return this.#built.view;
    // One that was begun before may have missed what happened since.
    if (this.#building) await this.#building.catch(() => undefined);
    if (this.#built && this.#holds(this.#built, now)) return this.#built.view;
    this.#building ??= this.#build(now).finally(() => (this.#building = undefined));
    return this.#building;
  }

  #holds({ options, version, view }: Built, now: number): boolean {
    return options === this.#options && version === this.#store.version && now <= view.expiresAt;
  }

  async #build(now: number): Promise<View> {
    const { version } = this.#store;
    const options = this.#options;
    const view = await inSlices(buildView(this.#store, options, this.#chooser, now));
    this.#built = { view, version, options };
    return view;
  }
}

function* buildView(
  store: Store,
  { accountsMaxStalenessMs, live, maxStalenessMs, samplesLimit, tellsAccounts }: ViewOptions,
  chooser: SeriesModeChooser,
  now: number,
): Sliced<View> {
  const freshness = freshnessAt(now, maxStalenessMs);
  // As of now, whatever is refreshed between two slices.
  const states = [...store.states];
  const { settled } = store;
  const sources = viewSources(store.sources, states, freshnessAt(now, accountsMaxStalenessMs));
  const told = tellsAccounts ? sources.states : [];
  const packs: PackView[] = [];
  let { expiresAt } = sources;
  for (const state of states) {
    const scope = yield* viewScope(state, freshness, sources.expected.get(state.scope.source));
    packs.push(...scope.packs);
    expiresAt = Math.min(expiresAt, scope.expiresAt);
  }
  const dense =
    packs.reduce((sum, pack) => sum + countPackSamples(pack, live), 0) +
    told.reduce((sum, source) => sum + countSourceSamples(source), 0);
  const budget = samplesLimit === 0 ? Infinity : Math.max(0, samplesLimit - dense);
  const plan = yield* chooser.plan(packs, settled, budget);
  const shown: ShownPack[] = [];
  for (const pack of packs) {
    shown.push({ ...pack, ...shownAccounts(pack, plan) });
    yield;
  }
  const samples = dense + plan.samples;
  const { lifetimeMs } = freshness;
  const known = sources.states;
  return { live, packs: shown, sources: told, known, lifetimeMs, plan, samples, expiresAt };
}

function freshnessAt(now: number, maxStalenessMs: number): Freshness {
  return { now, lifetimeMs: maxStalenessMs === 0 ? Infinity : maxStalenessMs };
}

const NO_ROWS = new Uint32Array(0);

/** The pack families are dense: how many samples they have depends neither on time nor on the mode. */
export function countPackSamples(pack: PackView, live: boolean): number {
  const shown: ShownPack = { ...pack, rows: NO_ROWS, missing: NO_ROWS, omitted: 0 };
  let samples = 0;
  const families = [...staticFamilies(PACK_FAMILIES, live), ...liveFamilies(PACK_FAMILIES, live)];
  for (const family of families) samples += [...family.samples(shown, 0)].length;
  return samples;
}

function countSourceSamples(source: SourceState): number {
  let samples = 0;
  for (const family of SOURCE_FAMILIES) samples += [...family.samples(source)].length;
  return samples;
}
