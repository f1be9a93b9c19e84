import { describe, expect, it } from 'vitest';
import { valuesBy } from '../support/parse-exposition.js';
import { collectorOf, organizationOf, REGION, simulated } from '../support/simulated.js';
import { expectTruth } from '../support/truth.js';

const PREFIX = 'aws_config_org_conformance_pack';

function role(account: string): string {
  return `arn:aws:iam::${account}:role/reader`;
}

describe('credentials', () => {
  it('that nobody knows are a failure of credentials', async () => {
    const exporter = collectorOf(await simulated(), {
      transport: { credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: ['credentials'] });
  });

  it('of an ordinary member account see no organization', async () => {
    const organization = organizationOf();
    const member = [...organization.accounts.keys()].at(-1);
    const exporter = collectorOf(await simulated(organization), { accountId: member ?? '' });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: ['organization_access_denied'] });
  });
});

describe('a role', () => {
  it('is assumed with its external id, once for all Regions and calls', async () => {
    const regions = ['eu-west-1', 'us-east-1'];
    const organization = organizationOf({ regions });
    const simulator = await simulated(organization);
    const arn = role(organization.managementAccountId);
    simulator.identities.externalIds.set(arn, 'the-external-id');
    const exporter = collectorOf(simulator, {
      accountId: '999999999999',
      flags: {
        'aws.region': regions,
        'aws.role-arn': arn,
        'aws.external-id': 'the-external-id',
        'accounts.series': 'full',
      },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ 'eu-west-1': [], 'us-east-1': [] });
    expectTruth(await exporter.scrape(), organization);
    expect(simulator.requests.count('AssumeRole')).toBe(1);
  });

  it('that demands another external id is a failure of credentials, which names no id', async () => {
    const organization = organizationOf();
    const simulator = await simulated(organization);
    const arn = role(organization.managementAccountId);
    simulator.identities.externalIds.set(arn, 'the-right-one');
    const exporter = collectorOf(simulator, {
      flags: { 'aws.role-arn': arn, 'aws.external-id': 'the-wrong-one' },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: ['credentials'] });
    expect(exporter.message).toMatch(
      /\nallow the caller sts:AssumeRole on arn:aws:iam::\d+:role\//,
    );
    expect(exporter.message).not.toContain('the-wrong-one');
  });

  it('is assumed again before its session ends', async () => {
    const organization = organizationOf();
    const simulator = await simulated(organization);
    // The SDK renews what ends within five minutes.
    simulator.identities.sessionSeconds = 200;
    const exporter = collectorOf(simulator, {
      flags: { 'aws.role-arn': role(organization.managementAccountId) },
    });
    await exporter.refresh();
    const before = simulator.requests.count('AssumeRole');
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: [] });
    expect(simulator.requests.count('AssumeRole')).toBeGreaterThan(before);
  });
});

describe('several sources', () => {
  const file = (first: string, second: string, more = '') => `
sources:
  - name: management
    role_arn: ${role(first)}
    regions: [eu-west-1]
  - name: security
    role_arn: ${role(second).replace('reader', 'other')}
    regions: [eu-west-1, us-east-1]
${more}`;

  it('with a pack of the same name stay two packs', async () => {
    const organization = organizationOf({ packs: 1 });
    const delegate = [...organization.accounts.keys()].at(-1) ?? '';
    organization.delegatedAdministrators.add(delegate);
    const [own] = organization.packs;
    if (own === undefined) throw new Error('no pack');
    organization.packs.push({ ...structuredClone(own), owner: delegate });
    const exporter = collectorOf(await simulated(organization), {
      file: file(organization.managementAccountId, delegate),
    });
    await exporter.refresh();
    const metrics = await exporter.scrape();
    expect(valuesBy(metrics, `${PREFIX}_info`, 'source', 'conformance_pack')).toEqual({
      [`management/${own.name}`]: 1,
      [`security/${own.name}`]: 1,
    });
  });

  it('that turn out to be one account only later show each pack once from then on', async () => {
    const { managementAccountId } = organizationOf();
    const simulator = await simulated(organizationOf());
    simulator.faults.add({ kind: 'denied', operation: 'GetCallerIdentity', times: 2 });
    const exporter = collectorOf(simulator, {
      file: file(managementAccountId, managementAccountId),
    });
    const packs = async () => {
      await exporter.refresh();
      const metrics = await exporter.scrape();
      return new Set(Object.keys(valuesBy(metrics, `${PREFIX}_info`, 'source')));
    };
    expect(await packs()).toEqual(new Set(['management', 'security']));
    expect(await packs()).toEqual(new Set(['management']));
  });

  it('that turn out to be one account fail the later one, where both read the Region', async () => {
    const organization = organizationOf({ regions: ['eu-west-1', 'us-east-1'] });
    const { managementAccountId } = organization;
    const simulator = await simulated(organization);
    const exporter = collectorOf(simulator, {
      file: file(managementAccountId, managementAccountId),
    });
    await exporter.refresh();
    await exporter.refresh();
    const metrics = await exporter.scrape();
    const success = 'conformance_pack_exporter_refresh_success';
    expect(valuesBy(metrics, success, 'source', 'aws_region')).toEqual({
      'management/eu-west-1': 1,
      'security/eu-west-1': 0,
      'security/us-east-1': 1,
    });
    const failures = 'conformance_pack_exporter_refresh_failures_total';
    expect(valuesBy(metrics, failures, 'source', 'aws_region', 'reason')).toMatchObject({
      'security/eu-west-1/duplicate_source': 2,
      'security/us-east-1/duplicate_source': 0,
    });
    // Looked up once a source, not once a refresh.
    expect(simulator.requests.count('GetCallerIdentity')).toBe(2);
  });
});
