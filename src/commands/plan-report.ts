import { formatDuration } from '../config/duration.js';
import type { Config } from '../config/load.js';
import { EASY_SAMPLES, type Forecast, type RefreshCost } from '../inquiries/forecast.js';
import type { SurveyFailure } from '../inquiries/survey.js';
import type { SeriesMode } from '../metrics/account-series.js';
import { textTable } from './text-table.js';

const number = (value: number) => value.toLocaleString('en');
const duration = (ms: number) => formatDuration(Math.ceil(ms / 1000) * 1000);
const shardsText = (shards: number) => (shards === 1 ? 'one exporter' : `${shards} shards`);

/** A forecast for people: what it costs, whether that is too much, and what to do then. */
export function reportPlan(made: Forecast, config: Config): string {
  return [
    `${number(made.pairs)} pairs of a pack and an account.`,
    textTable([['SOURCE', 'REGION', 'ACCOUNTS', 'PACKS', 'CALLS', 'DURATION'], ...scopeRows(made)]),
    refreshText(made, config),
    seriesTable(made, config),
    seriesText(made, config),
    advisedModes(made, config)
      .map((mode) => shardsAdvice(mode, made, config))
      .join('\n'),
  ]
    .map((part) => part.trimEnd())
    .join('\n\n')
    .concat('\n');
}

/** What could not be read, a line each. */
export function failureLines(failures: readonly SurveyFailure[]): string {
  return failures
    .map(({ message, region, source }) => {
      const what = region === undefined ? 'The accounts' : `The packs in ${region}`;
      return `${what} of ${source} could not be read: ${message}\n`;
    })
    .join('');
}

function scopeRows({ scopes }: Forecast): readonly (readonly string[])[] {
  return scopes.map(({ accounts, packs, region, source, whole }) => [
    source,
    region,
    number(accounts),
    number(packs),
    number(whole.calls),
    duration(whole.durationMs),
  ]);
}

function refreshText({ later, whole }: Forecast, { options, shard }: Config): string {
  const interval = options['refresh.interval'];
  const timeout = options['refresh.timeout'];
  const rate = options['refresh.requests-per-second'];
  const sweepEvery = options['refresh.sweep-every'];
  const cost = ({ calls, durationMs }: RefreshCost) =>
    `${number(calls)} calls and takes ${duration(durationMs)}`;
  const sentences = [
    sweepEvery === 1
      ? `A refresh makes ${cost(whole)}`
      : `The first refresh makes ${cost(whole)}; with --refresh.sweep-every=${sweepEvery} a later one makes at most ${cost(later)}`,
    later.durationMs <= interval
      ? `; the interval is ${formatDuration(interval)}.`
      : `; that is longer than --refresh.interval, which is ${formatDuration(interval)}: raise it, or --refresh.sweep-every, or --refresh.requests-per-second if AWS allows.`,
  ];
  if (whole.durationMs > timeout) {
    sentences.push(
      ` Raise --refresh.timeout too, which is ${formatDuration(timeout)}: the first refresh would not come to its end.`,
    );
  }
  if (shard.total > 1) {
    sentences.push(
      ` The calls are those of ${shard.total} shards. Each sends up to ${rate} a second to a Region, and AWS counts them together: up to ${number(rate * shard.total)}.`,
    );
  }
  return sentences.join('');
}

function seriesTable({ series }: Forecast, { options, shard }: Config): string {
  const limit = options['samples.limit'];
  const shared = shard.total > 1;
  const limitHead = limit === 0 ? 'NO LIMIT' : `LIMIT OF ${number(limit)}`;
  const rows = Object.entries(series).map(([mode, { fits, fullestShard, samples, shards }]) => [
    mode,
    number(samples),
    ...(shared ? [number(fullestShard)] : []),
    fits ? 'fits' : 'does not fit',
    shards === undefined ? 'no number' : number(shards),
  ]);
  const head = ['SERIES', 'SAMPLES', ...(shared ? ['FULLEST SHARD'] : []), limitHead];
  return textTable([[...head, 'SHARDS NEEDED'], ...rows]);
}

function seriesText({ mode, series }: Forecast, { options, shard }: Config): string {
  const each = shard.total === 1 ? '' : ' in the fullest shard';
  const chosen =
    options['accounts.series'] === 'auto'
      ? `--accounts.series=auto comes to ${mode}${each}`
      : `--accounts.series is ${mode}`;
  const rest = series[mode].fits ? '.' : ', and what exceeds --samples.limit is left out.';
  return `${chosen}${rest} Samples are counted with one account in a hundred failed. A shard needs to stay within --samples.limit, and within the ${number(EASY_SAMPLES)} that take Prometheus some two seconds a scrape.`;
}

/** The mode there will be; where that is left open and does not tell every account, the least that does. */
function advisedModes({ mode }: Forecast, { options }: Config): readonly SeriesMode[] {
  return options['accounts.series'] === 'auto' && mode === 'failed' ? [mode, 'active'] : [mode];
}

function shardsAdvice(mode: SeriesMode, { series }: Forecast, { options, shard }: Config): string {
  const { fits, raised, shards } = series[mode];
  // AWS counts the calls of all shards together.
  const rate = (total: number) => {
    const share = (options['refresh.requests-per-second'] * shard.total) / total;
    return `--refresh.requests-per-second=${Math.max(0.01, Math.floor(share * 100) / 100)}`;
  };
  if (fits && shards !== undefined && shards <= shard.total) {
    const enough = shard.total === 1 ? 'One exporter is' : `${shard.total} shards are`;
    return `${enough} enough for ${mode} series.`;
  }
  const raise =
    raised &&
    `with --samples.limit=${raised.samplesLimit} ${shardsText(raised.shards)}${raised.shards > 1 ? `, each with ${rate(raised.shards)}` : ''}`;
  if (shards === undefined) {
    return raise === undefined
      ? `For ${mode} series no number of shards is enough, since a pack is not divided: tell less by --accounts.series.`
      : `For ${mode} series no number of shards is enough within --samples.limit, since a pack is not divided; ${raise} would do.`;
  }
  const share = `For ${mode} series let ${shards} shards share the packs: --shard.total=${shards}, each with ${rate(shards)}, since AWS counts the calls of all of them together.`;
  return raise === undefined ? share : `${share} Or ${raise} would do.`;
}
