import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/simulator/evolve.js';
import { seededRandom } from '../../src/simulator/random.js';
import { valuesBy } from '../support/parse-exposition.js';
import { collectorOf, firstPack, organizationOf, REGION, simulated } from '../support/simulated.js';
import { expectTruth } from '../support/truth.js';

const PREFIX = 'aws_config_org_conformance_pack';
const STATUSES = 'DescribeOrganizationConformancePackStatuses';
const PACKS = 'DescribeOrganizationConformancePacks';
const DETAIL = 'GetOrganizationConformancePackDetailedStatus';

describe('a refresh', () => {
  it('of 20 packs × 300 accounts keeps to 4 calls in flight, makes 62, and tells the truth', async () => {
    const organization = organizationOf({ accounts: 300, packs: 20 });
    const simulator = await simulated(organization, { latencyMs: 30 });
    const exporter = collectorOf(simulator, {
      flags: { 'refresh.concurrency': '4', 'accounts.series': 'full' },
    });
    await exporter.refresh();
    const { requests } = simulator;
    expect([STATUSES, PACKS, DETAIL].map((name) => requests.count(name))).toEqual([1, 1, 60]);
    expect(requests.all).toHaveLength(62);
    expect(requests.mostInFlight(organization.managementAccountId, REGION)).toBe(4);
    expect(expectTruth(await exporter.scrape(), organization)).toBeGreaterThan(60_000);
  });

  it('asks for pages of the size that is configured, and reads all of them', async () => {
    const organization = organizationOf({ accounts: 23, packs: 7 });
    const simulator = await simulated(organization);
    const exporter = collectorOf(simulator, {
      flags: { 'refresh.page-size': '5', 'accounts.series': 'full' },
    });
    await exporter.refresh();
    const { requests } = simulator;
    expect([STATUSES, PACKS, DETAIL].map((name) => requests.count(name))).toEqual([2, 2, 7 * 5]);
    expectTruth(await exporter.scrape(), organization);
  });

  it('after a change of the organization shows the new truth, and the vanished are gone', async () => {
    const organization = organizationOf({ accounts: 20, packs: 4 });
    const simulator = await simulated(organization);
    const exporter = collectorOf(simulator, { flags: { 'accounts.series': 'full' } });
    await exporter.refresh();
    const random = seededRandom(7);
    for (let step = 0; step < 20; step++) evolve(organization, random, Date.now());
    organization.packs.pop();
    firstPack(organization).members.pop();
    await exporter.refresh();
    expectTruth(await exporter.scrape(), organization);
  });

  it('reads an organization without packs', async () => {
    const exporter = collectorOf(await simulated(organizationOf({ packs: 0 })));
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: [] });
    const metrics = await exporter.scrape();
    expect(valuesBy(metrics, 'conformance_pack_exporter_packs', 'aws_region')).toEqual({
      [REGION]: 0,
    });
    expect(metrics.has(`${PREFIX}_status`)).toBe(false);
  });

  it('reads only the packs that are included and not excluded, and misses those expected', async () => {
    const organization = organizationOf({ packs: 4 });
    const simulator = await simulated(organization);
    const [a, b, c, d] = organization.packs.map(({ name }) => name) as [
      string,
      string,
      string,
      string,
    ];
    const exporter = collectorOf(simulator, {
      flags: {
        'packs.include': [a, `${b}|${c}`],
        'packs.exclude': c,
        'packs.expected': [a, d, 'Never-Made'],
      },
    });
    await exporter.refresh();
    const metrics = await exporter.scrape();
    const packs = Object.keys(valuesBy(metrics, `${PREFIX}_info`, 'conformance_pack'));
    expect(packs.sort()).toEqual([a, b].sort());
    expect(valuesBy(metrics, `${PREFIX}_present`, 'conformance_pack')).toEqual({
      [a]: 1,
      [d]: 1,
      'Never-Made': 0,
    });
    expect(valuesBy(metrics, 'conformance_pack_exporter_packs', 'source')).toEqual({ default: 4 });
    expect(simulator.requests.count(DETAIL)).toBe(2);
  });

  it('serves both formats with the same values', async () => {
    const exporter = collectorOf(await simulated(), { clock: () => 2e12 });
    await exporter.refresh();
    const text = await exporter.scrape('text');
    const open = await exporter.scrape('openmetrics');
    const samples = [...text.values()].flatMap((family) => family.samples);
    const same = samples.filter(({ name }) => !/^(process|nodejs)_/.test(name));
    const openSamples = [...open.values()].flatMap((family) => family.samples);
    expect(same.length).toBeGreaterThan(250);
    expect(openSamples.filter(({ name }) => !/^(process|nodejs)_/.test(name))).toEqual(same);
  });
});

describe('what AWS may send', () => {
  it('stays a valid exposition with duplicated rows, unknown statuses and no or future times', async () => {
    const organization = organizationOf();
    const pack = firstPack(organization);
    const [one, two, three] = pack.members.map(({ accountId }) => accountId) as [
      string,
      string,
      string,
    ];
    const now = Date.now();
    pack.members = [
      { accountId: one, status: 'CREATE_SUCCESSFUL', updatedAt: 1_000 },
      { accountId: one, status: 'CREATE_FAILED', updatedAt: 2_000, errorCode: 'a"b\\c\nd' },
      { accountId: two, status: 'PAUSED', updatedAt: now + 3_600_000 },
      { accountId: three, status: 'CREATE_SUCCESSFUL' },
    ];
    const exporter = collectorOf(await simulated(organization), {
      flags: { 'accounts.series': 'active', 'accounts.age': 'always' },
    });
    await exporter.refresh();
    const metrics = await exporter.scrape();
    const of = (family: string, ...labels: string[]) => {
      const all = metrics.get(`${PREFIX}_${family}`);
      const own = all?.samples.filter(({ labels }) => labels['conformance_pack'] === pack.name);
      return valuesBy(
        new Map([['x', { name: 'x', type: '', help: '', samples: own ?? [] }]]),
        'x',
        ...labels,
      );
    };
    expect(of('account_status', 'account_id', 'status')).toEqual({
      [`${one}/CREATE_FAILED`]: 1,
      [`${two}/PAUSED`]: 1,
      [`${three}/CREATE_SUCCESSFUL`]: 1,
    });
    expect(of('account_error', 'account_id', 'error_code')).toEqual({ [`${one}/other`]: 1 });
    expect(of('accounts', 'status')).toMatchObject({ CREATE_FAILED: 1, PAUSED: 1 });
    expect(of('account_last_update_age_seconds', 'account_id')[two]).toBe(0);
    expect(of('account_last_update_timestamp_seconds', 'account_id')).not.toHaveProperty(three);
  });

  it('never lets more error codes into labels than its table has', async () => {
    const organization = organizationOf({ accounts: 200, packs: 1 });
    firstPack(organization).members.forEach((member, i) => {
      member.status = 'CREATE_FAILED';
      member.errorCode = `Strange${i}Exception`;
    });
    const exporter = collectorOf(await simulated(organization));
    await exporter.refresh();
    const metrics = await exporter.scrape();
    expect(valuesBy(metrics, `${PREFIX}_accounts_by_error`, 'error_code')).toEqual({ other: 200 });
  });
});
