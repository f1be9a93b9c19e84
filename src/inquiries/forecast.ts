import type { Scope } from '../conformance/snapshot.js';
import { countSeries, SERIES_MODES, type SeriesMode } from '../metrics/account-series.js';
import { AUTO_MODES, seriesDetail, type SeriesOptions } from '../metrics/series-mode.js';
import { countPackSamples } from '../metrics/view.js';
import { ownerOf } from '../refresh/shard.js';
import { mostSwept } from '../refresh/sweep.js';
import { imaginedPack } from './imagined-pack.js';
import { fewestShards, fullestShard, type Load } from './shard-fit.js';
import type { SurveyedPack, SurveyedScope } from './survey.js';

/** What is known of an organization from one listing of its packs, and how it is to be read. */
export interface ForecastInput extends SeriesOptions {
  readonly scopes: readonly SurveyedScope[];
  /** Accounts to which each pack of a source is deployed, by source. */
  readonly accounts: ReadonlyMap<string, number>;
  /** Whether the accounts of the organization are read, and told. */
  readonly readsAccounts: boolean;
  readonly pageSize: number;
  /** Of one scope in one exporter. */
  readonly requestsPerSecond: number;
  /** Calls in flight in one scope. */
  readonly concurrency: number;
  /** How long AWS takes for an answer. */
  readonly latencyMs: number;
  /** Packs at rest are read at every so many refreshes. */
  readonly sweepEvery: number;
  /** How many exporters share the packs. */
  readonly shards: number;
  /** Most samples of one exporter; 0 for no limit. */
  readonly samplesLimit: number;
}

/** What a refresh costs. */
export interface RefreshCost {
  /** Calls of AWS Config, those of all shards together. */
  readonly calls: number;
  /** Until the slowest shard has done its part. Shards and scopes are refreshed side by side. */
  readonly durationMs: number;
}

export interface ScopeForecast extends Scope {
  /** To which each pack is deployed. */
  readonly accounts: number;
  /** Those that are read. */
  readonly packs: number;
  /** A refresh that reads everything, as the first does. */
  readonly whole: RefreshCost;
  /** The longest of later refreshes, which leave packs at rest to the sweeps. */
  readonly later: RefreshCost;
}

/** Samples of packs and accounts in one mode of account series, with one account in a hundred failed. */
export interface SeriesForecast {
  /** Of all shards together. */
  readonly samples: number;
  /** Of the shard that has the most. */
  readonly fullestShard: number;
  /** Whether that is within the limit of samples. */
  readonly fits: boolean;
  /**
   * The fewest shards of which each is within the limit, and within what Prometheus takes in easily;
   * absent where no number is enough.
   */
  readonly shards?: number | undefined;
  /** A higher limit that makes fewer of them, where there is one. */
  readonly raised?: { readonly samplesLimit: number; readonly shards: number } | undefined;
}

/** What the exporter will cost, where every pack is deployed to every account. */
export interface Forecast extends Pick<ScopeForecast, 'whole' | 'later'> {
  readonly scopes: readonly ScopeForecast[];
  /** Pairs of a pack and an account. */
  readonly pairs: number;
  readonly series: Readonly<Record<SeriesMode, SeriesForecast>>;
  /** The mode that the fullest shard will have. */
  readonly mode: SeriesMode;
}

/** Prometheus takes some two seconds for a scrape of this many samples. */
export const EASY_SAMPLES = 1_000_000;
const FAILED_SHARE = 0.01;
/** What a limit is raised to is a multiple of this, which leaves some room. */
const LIMIT_STEP = 10_000;

export function forecast(input: ForecastInput): Forecast {
  const scopes = input.scopes.map((each) => forecastScope(each, input));
  const series = forecastSeries(input);
  return {
    scopes,
    whole: sideBySide(scopes.map(({ whole }) => whole)),
    later: sideBySide(scopes.map(({ later }) => later)),
    pairs: scopes.reduce((sum, { accounts, packs }) => sum + accounts * packs, 0),
    series,
    mode:
      input.series === 'auto'
        ? (AUTO_MODES.find((mode) => series[mode].fits) ?? 'failed')
        : input.series,
  };
}

function sideBySide(costs: readonly RefreshCost[]): RefreshCost {
  return {
    calls: costs.reduce((sum, { calls }) => sum + calls, 0),
    durationMs: Math.max(0, ...costs.map(({ durationMs }) => durationMs)),
  };
}

function forecastScope(
  { listed, packs, scope }: SurveyedScope,
  {
    concurrency,
    latencyMs,
    pageSize,
    requestsPerSecond,
    shards,
    sweepEvery,
    ...input
  }: ForecastInput,
): ScopeForecast {
  const accounts = input.accounts.get(scope.source) ?? 0;
  const pagesOf = (items: number) => Math.max(1, Math.ceil(items / pageSize));
  const shares = Array.from({ length: shards }, (): SurveyedPack[] => []);
  for (const pack of packs) shares[ownerOf(shards, scope, pack.name)]?.push(pack);
  /** `read` is how many of a shard's packs are read. */
  const cost = (read: (share: readonly SurveyedPack[]) => number): RefreshCost => {
    // Every shard reads the statuses and the descriptions.
    const calls = shares.map((share) => 2 * pagesOf(listed) + read(share) * pagesOf(accounts));
    const most = Math.max(...calls);
    const atTheRate = (most / requestsPerSecond) * 1000;
    const atTheLatency = (most * latencyMs) / concurrency;
    return {
      calls: calls.reduce((sum, each) => sum + each, 0),
      durationMs: Math.max(atTheRate, atTheLatency),
    };
  };
  return {
    ...scope,
    accounts,
    packs: packs.length,
    whole: cost((share) => share.length),
    later: cost((share) => {
      const atRest = share.filter((pack) => pack.atRest).length;
      return share.length - atRest + mostSwept(atRest, sweepEvery);
    }),
  };
}

function forecastSeries(input: ForecastInput): Forecast['series'] {
  const { accounts, readsAccounts, samplesLimit, scopes, shards } = input;
  const limit = samplesLimit === 0 ? Infinity : samplesLimit;
  const packs = scopes.flatMap(({ packs, scope }) => packs.map(({ name }) => ({ scope, name })));
  const owners = packs.map(({ name, scope }) => ownerOf(shards, scope, name));
  // Told by the first shard only, for each source.
  const first = readsAccounts ? [...accounts.values()].reduce((sum, of) => sum + of, 0) : 0;
  const loads = SERIES_MODES.map((mode): Omit<Load, 'limit'> => {
    const bySource = new Map(
      [...accounts].map(([name, of]) => [name, packSamples(of, mode, input)]),
    );
    return { packs: packs.map(({ scope }) => bySource.get(scope.source) ?? 0), first };
  });
  const within = loads.map((load) => ({ ...load, limit: Math.min(limit, EASY_SAMPLES) }));
  const easily = loads.map((load) => ({ ...load, limit: EASY_SAMPLES }));
  const fits = fewestShards(packs, [...within, ...easily]);
  const series = SERIES_MODES.map((mode, index): readonly [SeriesMode, SeriesForecast] => {
    const load = loads[index] ?? { packs: [], first };
    const fullest = fullestShard(load, owners, shards);
    const fewest = fits[index];
    const easy = fits[SERIES_MODES.length + index];
    const fewer = easy && easy.shards < (fewest?.shards ?? Infinity);
    return [
      mode,
      {
        samples: load.packs.reduce((sum, of) => sum + of, first),
        fullestShard: fullest,
        fits: fullest <= limit,
        shards: fewest?.shards,
        raised: fewer
          ? { samplesLimit: Math.ceil(easy.fullest / LIMIT_STEP) * LIMIT_STEP, shards: easy.shards }
          : undefined,
      },
    ];
  });
  return Object.fromEntries(series) as Record<SeriesMode, SeriesForecast>;
}

function packSamples(
  accounts: number,
  mode: SeriesMode,
  { age, readsAccounts }: ForecastInput,
): number {
  const failed = Math.round(accounts * FAILED_SHARE);
  const pack = imaginedPack({ successful: accounts - failed, failed, held: readsAccounts });
  return countPackSamples(pack, true) + countSeries([pack], seriesDetail(mode, age));
}
