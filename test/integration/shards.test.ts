import { describe, expect, it } from 'vitest';
import { collectorOf, organizationOf, REGION, simulated } from '../support/simulated.js';

const DETAIL = 'GetOrganizationConformancePackDetailedStatus';

describe('three shards', () => {
  it('together tell what one process tells, each series once, with no more detail calls', async () => {
    const regions = [REGION, 'us-east-1'];
    const organization = organizationOf({ accounts: 130, packs: 8, regions });
    const simulator = await simulated(organization);
    const tell = async (index: number, total: number) => {
      const exporter = collectorOf(simulator, {
        clock: () => 2e12,
        flags: {
          'aws.region': regions,
          'accounts.series': 'active',
          'packs.expected': ['Security-Baseline', 'Never-Made'],
          'shard.index': String(index),
          'shard.total': String(total),
        },
      });
      simulator.requests.clear();
      await exporter.look();
      const text = await exporter.text();
      const lines = text.split('\n').filter((line) => line.startsWith('aws_'));
      expect(text).toContain(
        `\nconformance_pack_exporter_shards{shard_index="${index}"} ${total}\n`,
      );
      return { lines, calls: simulator.requests.count(DETAIL) };
    };
    const whole = await tell(0, 1);
    const parts = [await tell(0, 3), await tell(1, 3), await tell(2, 3)];
    const union = parts.flatMap(({ lines }) => lines);
    expect(new Set(union).size).toBe(union.length);
    expect(union.sort()).toEqual(whole.lines.sort());
    expect(parts.reduce((sum, { calls }) => sum + calls, 0)).toBe(whole.calls);
    for (const { lines } of parts) expect(lines.length).toBeGreaterThan(100);
  });
});
