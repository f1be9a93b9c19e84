import { describe, expect, it } from 'vitest';
import { forecast, type ForecastInput } from '../../src/inquiries/forecast.js';
import { SERIES_MODES } from '../../src/metrics/account-series.js';
import { settle } from '../../src/simulator/arrange.js';
import { setDeployment } from '../../src/simulator/organization.js';
import { valuesBy } from '../support/parse-exposition.js';
import { surveyedScope } from '../support/surveyed.js';
import { collectorOf, organizationOf, REGION, simulated } from '../support/simulated.js';

const INPUT: ForecastInput = {
  scopes: [],
  accounts: new Map([['default', 1_000]]),
  readsAccounts: true,
  pageSize: 100,
  requestsPerSecond: 5,
  concurrency: 4,
  latencyMs: 40,
  sweepEvery: 1,
  shards: 1,
  samplesLimit: 0,
  series: 'auto',
  age: 'auto',
};

/** An organization of 230 accounts, two of which failed in each of its packs. */
async function organizationWithFailures(packs: number) {
  const organization = organizationOf({ accounts: 230, packs });
  settle(organization);
  for (const { members } of organization.packs) {
    // One in a hundred.
    for (const member of members.slice(0, 2)) {
      setDeployment(member, { status: 'CREATE_FAILED', updatedAt: 1, errorCode: 'Odd' });
    }
  }
  const simulator = await simulated(organization);
  const input: ForecastInput = {
    ...INPUT,
    scopes: [surveyedScope(organization.packs.map(({ name }) => name))],
    accounts: new Map([['default', 230]]),
  };
  const callsOfConfig = () =>
    simulator.requests.all.filter(({ service }) => service === 'config').length;
  return { simulator, input, callsOfConfig };
}

const SAMPLES = 'conformance_pack_exporter_samples';

describe('a forecast', () => {
  it.each(SERIES_MODES)('is what comes true: calls, and samples in %s', async (mode) => {
    const { callsOfConfig, input, simulator } = await organizationWithFailures(3);
    const exporter = collectorOf(simulator, {
      flags: { 'accounts.series': mode, 'samples.limit': '0' },
    });
    const metrics = await exporter.look();
    const made = forecast(input);
    expect(made.whole.calls).toBe(callsOfConfig());
    expect(made.series[mode].samples).toBe(valuesBy(metrics, SAMPLES)['']);
  });

  it('comes true for ages of all series, and where the organization is not read', async () => {
    const { input, simulator } = await organizationWithFailures(2);
    const exporter = collectorOf(simulator, {
      flags: {
        'accounts.series': 'active',
        'accounts.age': 'always',
        'collector.accounts': 'false',
      },
    });
    await exporter.refresh();
    const made = forecast({ ...input, age: 'always', readsAccounts: false });
    const samples = valuesBy(await exporter.scrape(), SAMPLES)[''];
    expect(made.series.active.samples).toBe(samples);
  });

  it('comes true for each of several shards', async () => {
    const { callsOfConfig, input, simulator } = await organizationWithFailures(8);
    const told: number[] = [];
    for (let index = 0; index < 3; index++) {
      const exporter = collectorOf(simulator, {
        flags: {
          'accounts.series': 'active',
          'shard.index': String(index),
          'shard.total': '3',
        },
      });
      told.push(valuesBy(await exporter.look(), SAMPLES)[''] ?? NaN);
    }
    const made = forecast({ ...input, shards: 3 });
    expect(made.whole.calls).toBe(callsOfConfig());
    expect(made.series.active.samples).toBe(told.reduce((sum, samples) => sum + samples, 0));
    expect(made.series.active.fullestShard).toBe(Math.max(...told));
  });

  it('comes true for sweeps', async () => {
    const { callsOfConfig, input, simulator } = await organizationWithFailures(6);
    // Those that are wholly successful.
    const atRest = simulator.organization.packs.slice(0, 4);
    for (const { members } of atRest) {
      for (const member of members) {
        setDeployment(member, { status: 'CREATE_SUCCESSFUL', updatedAt: 1 });
      }
    }
    const exporter = collectorOf(simulator, { flags: { 'refresh.sweep-every': '4' } });
    await exporter.look();
    simulator.requests.clear();
    for (let refresh = 0; refresh < 4; refresh++) await exporter.refresh();
    const names = new Set(atRest.map(({ name }) => name));
    const scopes = input.scopes.map(({ packs, ...rest }) => ({
      ...rest,
      packs: packs.map(({ name }) => ({ name, atRest: names.has(name) })),
    }));
    const made = forecast({ ...input, scopes, sweepEvery: 4 });
    expect(made.later.calls).toBe(callsOfConfig() / 4);
    expect(made.later.calls).toBeLessThan(made.whole.calls);
  });

  it('takes as long as the rate or the latency asks for, in the slowest scope', () => {
    const of = (packs: number, more: Partial<ForecastInput>) =>
      forecast({
        ...INPUT,
        scopes: [surveyedScope(packs), surveyedScope(1, 'eu-west-2')],
        ...more,
      }).whole.durationMs;
    expect(of(10, {})).toBe((102 / 5) * 1000);
    expect(of(10, { latencyMs: 2_000 })).toBe((102 * 2_000) / 4);
  });

  it('advises as many shards as stay within the limit, or a higher limit', () => {
    const of = (more: Partial<ForecastInput>) =>
      forecast({ ...INPUT, scopes: [surveyedScope(50)], ...more }).series.active;
    expect(of({ samplesLimit: 250_000 })).toMatchObject({ fits: true, shards: 1 });
    const accounts = new Map([['default', 10_000]]);
    const large = of({ accounts, samplesLimit: 250_000 });
    expect(large).toMatchObject({ fits: false, raised: { shards: 2 } });
    const shards = large.shards ?? 0;
    expect(shards).toBeGreaterThan(4);
    const shared = of({ accounts, samplesLimit: 250_000, shards });
    expect(shared).toMatchObject({ fits: true, shards });
    expect(of({ accounts, samplesLimit: 250_000, shards: shards - 1 }).fits).toBe(false);
    const raised = of({ accounts, samplesLimit: large.raised?.samplesLimit ?? 0, shards: 2 });
    expect(raised).toMatchObject({ fits: true, shards: 2 });
    // No pack is divided, whatever the shards.
    expect(of({ accounts, samplesLimit: 20_000 }).shards).toBeUndefined();
    expect(of({ accounts, samplesLimit: 0 })).toMatchObject({ fits: true, shards: 2 });
  });

  it('knows what auto comes to', () => {
    const of = (samplesLimit: number) =>
      forecast({ ...INPUT, scopes: [surveyedScope(10)], samplesLimit });
    const { active, full } = of(0).series;
    expect(of(full.samples).mode).toBe('full');
    expect(of(full.samples - 1).mode).toBe('active');
    expect(of(active.samples - 1).mode).toBe('failed');
    expect(of(1).mode).toBe('failed');
  });

  it('counts the accounts of every source, and tells them once for each', () => {
    const scopes = [surveyedScope(2), surveyedScope(3, REGION, 'other')];
    const accounts = new Map([
      ['default', 100],
      ['other', 1_000],
    ]);
    const made = forecast({ ...INPUT, scopes, accounts });
    expect(made.scopes.map((scope) => scope.accounts)).toEqual([100, 1_000]);
    expect(made.pairs).toBe(2 * 100 + 3 * 1_000);
    const without = forecast({ ...INPUT, scopes: [], accounts });
    expect(without.series.none.samples).toBe(1_100);
  });
});
