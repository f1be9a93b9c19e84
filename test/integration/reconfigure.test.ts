import { describe, expect, it } from 'vitest';
import { valuesBy } from '../support/parse-exposition.js';
import { collectorOf, configOf, organizationOf, simulated } from '../support/simulated.js';

const PREFIX = 'aws_config_org_conformance_pack';
const SELF = 'conformance_pack_exporter';
const REGIONS = ['eu-west-1', 'us-east-1', 'eu-west-2', 'eu-central-1'];

describe('another configuration', () => {
  it('keeps what is known of the Regions that stay, drops others and adds others', async () => {
    const simulator = await simulated(organizationOf({ regions: REGIONS }));
    const exporter = collectorOf(simulator, { flags: { 'aws.region': REGIONS.slice(0, 2) } });
    await exporter.look();
    const asked = simulator.requests.all.length;
    await exporter.reconfigure(
      configOf({ flags: { 'aws.region': REGIONS.slice(1), 'refresh.interval': '1m' } }),
    );
    const metrics = await exporter.scrape();
    // Nothing has been asked since.
    expect(simulator.requests.all.length).toBe(asked);
    expect(valuesBy(metrics, `${PREFIX}_info`, 'aws_region')).toEqual({ 'us-east-1': 1 });
    expect(metrics.has('aws_organizations_account_info')).toBe(true);
    const self = (name: string) => valuesBy(metrics, `${SELF}_${name}`, 'aws_region');
    expect(self('refreshes_total')).toEqual({
      'us-east-1': 1,
      'eu-west-2': 0,
      'eu-central-1': 0,
    });
    expect(self('refresh_success')).toEqual({ 'us-east-1': 1 });
    expect(self('refresh_interval_seconds')).toEqual({
      'us-east-1': 60,
      'eu-west-2': 60,
      'eu-central-1': 60,
    });
    await exporter.look();
    const later = await exporter.scrape();
    expect(valuesBy(later, `${SELF}_refreshes_total`, 'aws_region')).toEqual({
      'us-east-1': 2,
      'eu-west-2': 1,
      'eu-central-1': 1,
    });
  });

  it('with another role of the same name is another identity, whose data nobody has read', async () => {
    const organization = organizationOf();
    const role = (name: string) => `arn:aws:iam::${organization.managementAccountId}:role/${name}`;
    const exporter = collectorOf(await simulated(organization), {
      flags: { 'aws.role-arn': role('one') },
    });
    await exporter.look();
    await exporter.reconfigure(
      configOf({ flags: { 'aws.region': 'eu-west-1', 'aws.role-arn': role('two') } }),
    );
    const metrics = await exporter.scrape();
    expect(metrics.has(`${PREFIX}_status`)).toBe(false);
    expect(metrics.has(`${SELF}_source_info`)).toBe(false);
  });

  it('of the samples is in force at the next scrape', async () => {
    const exporter = collectorOf(await simulated());
    await exporter.look();
    await exporter.reconfigure(
      configOf({ flags: { 'aws.region': 'eu-west-1', 'accounts.series': 'none' } }),
    );
    const metrics = await exporter.scrape();
    expect(metrics.has(`${PREFIX}_account_status`)).toBe(false);
    expect(metrics.has(`${PREFIX}_status`)).toBe(true);
  });
});
