import { describe, expect, it } from 'vitest';
import { ACCOUNT_FAMILIES } from '../../../src/metrics/account-families.js';
import { PACK_FAMILIES } from '../../../src/metrics/pack-families.js';
import { SOURCE_FAMILIES } from '../../../src/metrics/source-families.js';
import { registryText } from '../../../src/metrics/registry-text.js';
import { SelfMetrics, type SelfMetricsOptions } from '../../../src/metrics/self-metrics.js';
import { Views } from '../../../src/metrics/view.js';
import { REASONS } from '../../../src/aws/errors.js';
import { Store } from '../../../src/refresh/store.js';
import { parseExposition, valuesBy } from '../../support/parse-exposition.js';
import { snapshotOf, VIEW_DEFAULTS } from '../../support/render.js';

const SCOPE = { source: 'default', region: 'eu-west-1' };
const LABELS = { source: 'default', aws_region: 'eu-west-1' };

function setUp(more: Partial<SelfMetricsOptions> = {}) {
  const store = new Store([{ scope: SCOPE, expectedPacks: [] }]);
  const views = new Views(store, VIEW_DEFAULTS);
  const selfMetrics = new SelfMetrics({
    store,
    view: () => views.last,
    version: '1.2.3',
    shard: { index: 2, total: 3 },
    startedAt: 5_000,
    settings: {
      refreshIntervalMs: 60_000,
      sweepIntervalMs: 60_000,
      samplesLimit: 1000,
      readsAccounts: true,
    },
    lifetime: 'running',
    processMetrics: false,
    ...more,
  });
  const read = async () => {
    await views.at(0);
    return parseExposition(await registryText(selfMetrics.registry, 'text'));
  };
  return { store, selfMetrics, read };
}

const name = (suffix: string) => `conformance_pack_exporter_${suffix}`;

describe('the self-metrics', () => {
  it('before the first refresh', async () => {
    const { read } = setUp();
    const metrics = await read();
    const values = [...metrics.values()]
      .filter(({ type }) => type === 'gauge')
      .flatMap(({ samples }) => samples.map(({ name, labels, value }) => [name, labels, value]));
    expect(values).toEqual([
      [name('refresh_interval_seconds'), LABELS, 60],
      [name('sweep_interval_seconds'), LABELS, 60],
      [name('refresh_last_success_timestamp_seconds'), LABELS, 0],
      [name('refresh_progress_ratio'), LABELS, 0],
      [name('accounts_last_success_timestamp_seconds'), { source: 'default' }, 0],
      [name('build_info'), { version: '1.2.3' }, 1],
      [name('shards'), { shard_index: '2' }, 3],
      [name('start_time_seconds'), {}, 5],
      [name('samples'), {}, 0],
      [name('samples_limit'), {}, 1000],
      [name('account_series_mode'), { mode: 'full' }, 0],
      [name('account_series_mode'), { mode: 'active' }, 0],
      [name('account_series_mode'), { mode: 'failed' }, 1],
      [name('account_series_mode'), { mode: 'none' }, 0],
      [name('config_last_reload_successful'), {}, 1],
      [name('config_last_reload_success_timestamp_seconds'), {}, 5],
    ]);
  });

  it('have every reason from the start, so that the first failure is an increase', async () => {
    const metrics = await setUp().read();
    expect(valuesBy(metrics, name('refresh_failures_total'), 'reason')).toEqual(
      Object.fromEntries(REASONS.map((reason) => [reason, 0])),
    );
  });

  it('count a reason once a refresh, and each call given up', async () => {
    const { read, selfMetrics } = setUp();
    const operation = 'GetOrganizationConformancePackDetailedStatus';
    const failure = { reason: 'throttled', operation, message: '' } as const;
    const refresh = { endedAt: 1, durationMs: 1, successful: false };
    selfMetrics.refreshed(SCOPE, {
      ...refresh,
      failures: [
        { ...failure, pack: 'A' },
        { ...failure, pack: 'B' },
        { ...failure, reason: 'timeout', pack: 'C' },
      ],
    });
    const metrics = await read();
    expect(valuesBy(metrics, name('refreshes_total'), 'source')).toEqual({ default: 1 });
    expect(valuesBy(metrics, name('refresh_failures_total'), 'reason')).toMatchObject({
      throttled: 1,
      timeout: 1,
      network: 0,
    });
    const failures = valuesBy(metrics, name('api_request_failures_total'), 'operation', 'reason');
    expect(failures).toMatchObject({ [`${operation}/throttled`]: 2, [`${operation}/timeout`]: 1 });
  });

  it('count requests, and those that were throttled', async () => {
    const { read, selfMetrics } = setUp();
    const observer = selfMetrics.requestObserver(SCOPE);
    observer.attempt('GetCallerIdentity', 0.2, false);
    observer.attempt('GetCallerIdentity', 0.3, true);
    const metrics = await read();
    expect(valuesBy(metrics, name('api_requests_total'), 'operation')['GetCallerIdentity']).toBe(2);
    expect(valuesBy(metrics, name('api_throttles_total'), 'operation')['GetCallerIdentity']).toBe(
      1,
    );
    const durations = metrics.get(name('api_request_duration_seconds'))?.samples;
    expect(durations?.find((sample) => sample.name.endsWith('_sum'))?.value).toBeCloseTo(0.5);
  });

  it('tell the rate of a scope, and nothing before it has one', async () => {
    const { read, selfMetrics } = setUp();
    const told = async () =>
      valuesBy(await read(), name('api_requests_per_second_limit'), 'source', 'aws_region');
    expect(await told()).toEqual({});
    selfMetrics.requestObserver(SCOPE).rate(5);
    selfMetrics.requestObserver(SCOPE).rate(3.2);
    expect(await told()).toEqual({ 'default/eu-west-1': 3.2 });
  });

  it('follow a refresh', async () => {
    const { read, store } = setUp();
    store.progress(0, { done: 1, expected: 4, sized: false });
    expect(valuesBy(await read(), name('refresh_progress_ratio'), 'source')).toEqual({
      default: 0.25,
    });
    const refresh = { endedAt: 9_000, durationMs: 1_500, failures: [] };
    store.complete(0, { ...refresh, successful: true }, snapshotOf([]));
    store.idle(0);
    store.complete(0, { ...refresh, endedAt: 12_000, successful: false }, undefined);
    const metrics = await read();
    const value = (suffix: string) => valuesBy(metrics, name(suffix), 'source')['default'];
    expect(value('refresh_success')).toBe(0);
    expect(value('refresh_duration_seconds')).toBe(1.5);
    expect(value('refresh_last_success_timestamp_seconds')).toBe(9);
    expect(value('refresh_progress_ratio')).toBe(1);
    expect(value('packs')).toBe(0);
  });

  it('tell of a web configuration file, and of its certificate, where there is one', async () => {
    const own = [
      'web_config_last_reload_successful',
      'tls_certificate_not_after_timestamp_seconds',
    ];
    const tell = async (webConfig: SelfMetricsOptions['webConfig'], lifetime = 'running') => {
      const metrics = await setUp({
        webConfig,
        lifetime: lifetime as SelfMetricsOptions['lifetime'],
      }).read();
      return own.map((suffix) => metrics.get(name(suffix))?.samples[0]?.value);
    };
    expect(await tell(undefined)).toEqual([undefined, undefined]);
    const plain = { lastReloadSuccessful: true, certificateNotAfter: undefined };
    expect(await tell(plain)).toEqual([1, undefined]);
    const tls = { lastReloadSuccessful: false, certificateNotAfter: 1_500 };
    expect(await tell(tls)).toEqual([0, 1.5]);
    expect(await tell(tls, 'file')).toEqual([undefined, undefined]);
  });

  it('tell of the state file once it has been tried', async () => {
    const { read, selfMetrics } = setUp();
    const tell = async () => {
      const metrics = await read();
      return ['state_last_write_successful', 'state_last_write_success_timestamp_seconds'].map(
        (suffix) => metrics.get(name(suffix))?.samples[0]?.value,
      );
    };
    expect(await tell()).toEqual([undefined, undefined]);
    selfMetrics.stateFileTried(false, 1_000);
    expect(await tell()).toEqual([0, 0]);
    selfMetrics.stateFileTried(true, 2_000);
    expect(await tell()).toEqual([1, 2]);
    selfMetrics.stateFileTried(false, 3_000);
    expect(await tell()).toEqual([0, 2]);
  });

  it('for a file leave out what means nothing once the process has ended', async () => {
    const { read, store } = setUp({ lifetime: 'file', processMetrics: true });
    store.learn('default', { identity: { accountId: '000000000001', partition: 'aws' } });
    const refresh = { endedAt: 1, durationMs: 1, successful: true, failures: [] };
    store.complete(0, refresh, snapshotOf([]));
    const metrics = await read();
    expect([...metrics.keys()]).toEqual(
      [
        'refresh_success',
        'refresh_duration_seconds',
        'refresh_last_success_timestamp_seconds',
        'packs',
        'source_info',
        'accounts_last_success_timestamp_seconds',
        'build_info',
        'shards',
        'samples',
        'samples_limit',
        'account_series_mode',
      ].map(name),
    );
  });

  it('bear no name that a family of packs or accounts bears', async () => {
    const metrics = await setUp({ processMetrics: true }).read();
    const tables = [PACK_FAMILIES, ACCOUNT_FAMILIES, SOURCE_FAMILIES];
    const families = tables.flat().map((family) => family.name);
    expect(new Set(families).size).toBe(families.length);
    expect(families.filter((family) => metrics.has(family))).toEqual([]);
    expect(metrics.has('process_cpu_seconds_total')).toBe(true);
  });
});
