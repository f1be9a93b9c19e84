import { describe, expect, it } from 'vitest';
import { forecast } from '../../src/inquiries/forecast.js';
import { SERIES_MODES } from '../../src/metrics/account-series.js';
import { settle } from '../../src/simulator/arrange.js';
import { setDeployment } from '../../src/simulator/organization.js';
import { valuesBy } from '../support/parse-exposition.js';
import { collectorOf, organizationOf, REGION, simulated } from '../support/simulated.js';

describe('a forecast', () => {
  it.each(SERIES_MODES)('is what comes true: calls, and samples in %s', async (mode) => {
    const organization = organizationOf({ accounts: 230, packs: 3 });
    settle(organization);
    for (const { members } of organization.packs) {
      // One in a hundred.
      for (const member of members.slice(0, 2)) {
        setDeployment(member, { status: 'CREATE_FAILED', updatedAt: 1, errorCode: 'Odd' });
      }
    }
    const simulator = await simulated(organization);
    const exporter = collectorOf(simulator, {
      flags: { 'accounts.series': mode, 'samples.limit': '0' },
    });
    const metrics = await exporter.look();
    const made = forecast({
      scopes: [{ scope: { source: 'default', region: REGION }, packs: 3 }],
      accounts: 230,
      pageSize: 100,
      requestsPerSecond: 5,
      concurrency: 4,
      latencyMs: 40,
      ages: true,
    });
    const calls = simulator.requests.all.filter(({ service }) => service === 'config').length;
    expect(made.calls).toBe(calls);
    const samples = valuesBy(metrics, 'conformance_pack_exporter_samples')[''];
    expect(made.samples[mode]).toBe(samples);
  });

  it('takes as long as the rate or the latency asks for, in the slowest scope', () => {
    const of = (packs: number, latencyMs: number) =>
      forecast({
        scopes: [packs, 1].map((count, i) => ({
          scope: { source: 'default', region: `eu-west-${i + 1}` },
          packs: count,
        })),
        accounts: 1_000,
        pageSize: 100,
        requestsPerSecond: 5,
        concurrency: 4,
        latencyMs,
        ages: true,
      });
    expect(of(10, 100).durationMs).toBe((102 / 5) * 1000);
    expect(of(10, 2_000).durationMs).toBe((102 * 2_000) / 4);
    expect(of(10, 100).shards).toBe(1);
    expect(of(1_500, 100).shards).toBe(4);
  });
});
