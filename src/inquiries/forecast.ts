import { AccountColumnsBuilder, AccountIds } from '../conformance/account-columns.js';
import { summarize, type AccountSummary } from '../conformance/account-summary.js';
import { EXCUSES } from '../conformance/coverage.js';
import type { Scope } from '../conformance/snapshot.js';
import { outcomeOf, STATUSES } from '../conformance/status.js';
import { NO_TRANSITIONS } from '../conformance/transitions.js';
import { countSeries, SERIES_MODES, type SeriesMode } from '../metrics/account-series.js';
import type { PackView } from '../metrics/pack-view.js';
import { countPackSamples } from '../metrics/view.js';

/** What is known of an organization from one listing of its packs. */
export interface ForecastInput {
  readonly scopes: readonly { readonly scope: Scope; readonly packs: number }[];
  /** Accounts to which each pack is deployed. */
  readonly accounts: number;
  readonly pageSize: number;
  /** Of one scope. */
  readonly requestsPerSecond: number;
  /** Calls in flight in one scope. */
  readonly concurrency: number;
  /** How long AWS takes for an answer. */
  readonly latencyMs: number;
  /** Whether ages of accounts are told beside full series. */
  readonly ages: boolean;
}

export interface ScopeForecast extends Scope {
  readonly packs: number;
  /** Calls of AWS Config in one refresh. */
  readonly calls: number;
  readonly durationMs: number;
}

/** What the exporter will cost, where every pack is deployed to every account. */
export interface Forecast {
  readonly scopes: readonly ScopeForecast[];
  /** Calls of AWS Config in one refresh of everything. */
  readonly calls: number;
  /** Of the slowest scope; they are refreshed side by side. */
  readonly durationMs: number;
  /** Pairs of a pack and an account. */
  readonly pairs: number;
  /** Samples of packs and accounts in each mode, with one account in a hundred failed. */
  readonly samples: Readonly<Record<SeriesMode, number>>;
  /** Exporters that keep a scrape of `active` series within what Prometheus takes in easily. */
  readonly shards: number;
}

/** Prometheus takes some two seconds for a scrape of this many samples. */
const SAMPLES_A_SHARD = 1_000_000;
const FAILED_SHARE = 0.01;

export function forecast(input: ForecastInput): Forecast {
  const scopes = input.scopes.map((each) => forecastScope(each, input));
  const packs = scopes.reduce((sum, scope) => sum + scope.packs, 0);
  const samples = Object.fromEntries(
    SERIES_MODES.map((mode) => [mode, samplesOf(packs, mode, input)]),
  ) as Record<SeriesMode, number>;
  return {
    scopes,
    calls: scopes.reduce((sum, { calls }) => sum + calls, 0),
    durationMs: Math.max(0, ...scopes.map(({ durationMs }) => durationMs)),
    pairs: packs * input.accounts,
    samples,
    shards: Math.max(1, Math.ceil(samples.active / SAMPLES_A_SHARD)),
  };
}

function forecastScope(
  { packs, scope }: ForecastInput['scopes'][number],
  { accounts, concurrency, latencyMs, pageSize, requestsPerSecond }: ForecastInput,
): ScopeForecast {
  const pagesOf = (items: number) => Math.max(1, Math.ceil(items / pageSize));
  // The statuses, the descriptions, and the accounts of each pack.
  const calls = 2 * pagesOf(packs) + packs * pagesOf(accounts);
  const atTheRate = (calls / requestsPerSecond) * 1000;
  const atTheLatency = (calls * latencyMs) / concurrency;
  return { ...scope, packs, calls, durationMs: Math.max(atTheRate, atTheLatency) };
}

function samplesOf(packs: number, mode: SeriesMode, { accounts, ages }: ForecastInput): number {
  const failed = Math.round(accounts * FAILED_SHARE);
  const pack = imaginedPack(accounts - failed, failed);
  const detail = { mode, ages: ages && mode === 'full' };
  return packs * (countPackSamples(pack, true) + countSeries([pack], detail)) + accounts;
}

/** A pack with so many accounts, as far as counting goes. */
function imaginedPack(successful: number, failed: number): PackView {
  const none = new AccountColumnsBuilder(new AccountIds()).build();
  const { byOutcome, ...rest } = summarize(none);
  const summary: AccountSummary = {
    ...rest,
    byOutcome: {
      ...byOutcome,
      successful: { accounts: successful, dated: successful, erroneous: 0, oldest: 0 },
      failed: { accounts: failed, dated: failed, erroneous: failed, oldest: 0 },
    },
    failedByCode: new Map(failed === 0 ? [] : [['other', failed]]),
  };
  const unsuccessful = STATUSES.filter((status) => outcomeOf(status) !== 'successful');
  const excuses = Object.fromEntries(EXCUSES.map((excuse) => [excuse, 0])) as {
    new: 0;
    inactive: 0;
  };
  return {
    scope: { source: '', region: '' },
    name: '',
    labels: '',
    rollUp: { status: 'CREATE_SUCCESSFUL', updatedAt: 0 },
    description: { arn: '', excludedAccounts: [] },
    detail: { readAt: 0, accounts: none, summary, mismatch: false },
    detailReadAt: 0,
    rollout: 'complete',
    transitions: NO_TRANSITIONS,
    coverage: {
      missing: [],
      excluded: 0,
      excused: new Map(unsuccessful.map((status) => [status, excuses])),
      changesAt: Infinity,
    },
  };
}
