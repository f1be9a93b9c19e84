import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../src/simulator/faults.js';
import { valuesBy } from '../support/parse-exposition.js';
import { collectorOf, firstPack, organizationOf, REGION, simulated } from '../support/simulated.js';
import { expectTruth } from '../support/truth.js';

const PREFIX = 'aws_config_org_conformance_pack';
const STATUSES = 'DescribeOrganizationConformancePackStatuses';
const PACKS = 'DescribeOrganizationConformancePacks';
const DETAIL = 'GetOrganizationConformancePackDetailedStatus';
const SELF = 'conformance_pack_exporter';

/** Nothing is awaited for longer than this where a server does not answer. */
const QUICK = { requestTimeoutMs: 100 };

describe('a fault that lasts', () => {
  it.each<[string, Fault, string, RegExp]>([
    [
      'throttling',
      { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
      'throttled',
      /lower --refresh.requests-per-second/,
    ],
    [
      'a denial by IAM',
      { kind: 'denied' },
      'access_denied',
      /allow the IAM action config:DescribeOrganizationConformancePackStatuses/,
    ],
    [
      'a denial without a word',
      { kind: 'error', code: 'AccessDeniedException', message: '' },
      'region_unsupported',
      /take it out of the configuration/,
    ],
    [
      'a caller without an organization',
      { kind: 'error', code: 'OrganizationAccessDeniedException', message: 'no' },
      'organization_access_denied',
      /delegated administrator/,
    ],
    [
      'expired credentials',
      { kind: 'error', code: 'ExpiredTokenException', message: 'expired' },
      'credentials',
      /renew the session/,
    ],
    [
      'an error of the service',
      { kind: 'error', code: 'InternalFailure', message: 'oops', status: 500 },
      'service_error',
      /InternalFailure: oops/,
    ],
    ['a page of HTML', { kind: 'html' }, 'service_error', /./],
    ['an answer cut in half', { kind: 'truncated' }, 'invalid_response', /./],
    ['a reset', { kind: 'reset' }, 'network', /./],
    ['no answer', { kind: 'hang' }, 'timeout', /did not answer in time/],
    [
      'the same token again and again',
      { kind: 'alter', alter: (output) => ({ ...output, NextToken: 'same' }) },
      'invalid_response',
      /same page token twice/,
    ],
    [
      'a row without a name',
      {
        kind: 'alter',
        alter: () => ({ OrganizationConformancePackStatuses: [{ Status: 'CREATE_FAILED' }] }),
      },
      'invalid_response',
      /a row without OrganizationConformancePackName/,
    ],
    [
      'a refusal of our own input',
      { kind: 'error', code: 'InvalidLimitException', message: 'limit' },
      'service_error',
      /./,
    ],
  ])(
    '%s of the listing has its reason, and leaves what was known',
    async (_, fault, reason, message) => {
      const organization = organizationOf();
      const simulator = await simulated(organization);
      const exporter = collectorOf(simulator, {
        transport: QUICK,
        flags: { 'accounts.series': 'full' },
      });
      await exporter.refresh();
      simulator.faults.add({ ...fault, operation: STATUSES });
      await exporter.refresh();
      expect(exporter.failures).toEqual({ [REGION]: [reason] });
      expect(exporter.message).toMatch(message);
      const metrics = await exporter.scrape();
      expectTruth(metrics, organization);
      expect(valuesBy(metrics, `${SELF}_refresh_success`, 'aws_region')).toEqual({ [REGION]: 0 });
      const failures = valuesBy(metrics, `${SELF}_refresh_failures_total`, 'reason');
      expect(Object.entries(failures).filter(([, count]) => count > 0)).toEqual([[reason, 1]]);
    },
  );

  it('at the first refresh is no empty success', async () => {
    const simulator = await simulated();
    simulator.faults.add({ kind: 'denied' });
    const exporter = collectorOf(simulator, { flags: { 'packs.expected': 'Base' } });
    await exporter.refresh();
    const metrics = await exporter.scrape();
    expect([...metrics.keys()].filter((family) => family.startsWith('aws_'))).toEqual([]);
    expect(valuesBy(metrics, `${SELF}_refresh_success`, 'aws_region')).toEqual({ [REGION]: 0 });
    expect(
      valuesBy(metrics, `${SELF}_refresh_last_success_timestamp_seconds`, 'aws_region'),
    ).toEqual({ [REGION]: 0 });
  });

  it('of one pack leaves the others fresh, and its own last accounts', async () => {
    const organization = organizationOf({ packs: 3 });
    const simulator = await simulated(organization);
    let now = 1e12;
    const exporter = collectorOf(simulator, { clock: () => now });
    await exporter.refresh();
    const { name } = firstPack(organization);
    simulator.faults.add({ kind: 'denied', operation: DETAIL, pack: name });
    now += 60_000;
    await exporter.refresh();
    const metrics = await exporter.scrape();
    const readAt = valuesBy(
      metrics,
      `${PREFIX}_detail_last_success_timestamp_seconds`,
      'conformance_pack',
    );
    for (const [pack, seconds] of Object.entries(readAt)) {
      expect(seconds, pack).toBe(pack === name ? 1e9 : 1e9 + 60);
    }
    const accounts = metrics
      .get(`${PREFIX}_accounts`)
      ?.samples.filter(({ labels }) => labels['conformance_pack'] === name)
      .reduce((sum, { value }) => sum + value, 0);
    expect(accounts).toBe(5);
  });

  it('of the descriptions costs _info only', async () => {
    const organization = organizationOf();
    const simulator = await simulated(organization);
    const healthy = collectorOf(simulator);
    await healthy.refresh();
    simulator.faults.add({ kind: 'denied', operation: PACKS });
    const exporter = collectorOf(simulator);
    await exporter.refresh();
    const families = async (of: typeof exporter) =>
      [...(await of.scrape())]
        .filter(([, { samples }]) => samples.length > 0)
        .map(([name]) => name)
        // What the process does besides differs from moment to moment.
        .filter((name) => !/^(process|nodejs)_/.test(name));
    expect(await families(exporter)).toEqual(
      (await families(healthy)).filter((family) => family !== `${PREFIX}_info`),
    );
    const metrics = await exporter.scrape();
    expect(valuesBy(metrics, `${SELF}_refresh_success`, 'aws_region')).toEqual({ [REGION]: 1 });
    const failures = valuesBy(metrics, `${SELF}_api_request_failures_total`, 'operation', 'reason');
    expect(failures[`${PACKS}/access_denied`]).toBe(1);
  });

  it('withdraws data that has become too old, visibly', async () => {
    const simulator = await simulated();
    let now = 1e12;
    const exporter = collectorOf(simulator, {
      clock: () => now,
      flags: { 'refresh.max-staleness': '1h' },
    });
    await exporter.refresh();
    simulator.faults.add({ kind: 'denied' });
    now += 3_600_000;
    await exporter.refresh();
    expect((await exporter.scrape()).has(`${PREFIX}_status`)).toBe(true);
    now += 1;
    const metrics = await exporter.scrape();
    expect([...metrics.keys()].filter((family) => family.startsWith('aws_'))).toEqual([
      `${PREFIX}_rollout`,
      `${PREFIX}_detail_last_success_timestamp_seconds`,
    ]);
    expect(valuesBy(metrics, `${PREFIX}_rollout`, 'state')).toMatchObject({
      failed: 0,
      unknown: 1,
    });
  });
});

describe('a fault that passes', () => {
  it.each<[string, Fault]>([
    ['throttling', { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' }],
    [
      'an error of the service',
      { kind: 'error', code: 'InternalFailure', message: '', status: 500 },
    ],
    ['a reset', { kind: 'reset' }],
    ['no answer', { kind: 'hang' }],
    ['a slow answer', { kind: 'slow', ms: 50 }],
  ])('%s once is retried, and nobody notices', async (_, fault) => {
    const organization = organizationOf();
    const simulator = await simulated(organization);
    simulator.faults.add({ ...fault, times: 1 });
    const exporter = collectorOf(simulator, {
      transport: QUICK,
      flags: { 'accounts.series': 'full' },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: [] });
    expectTruth(await exporter.scrape(), organization);
  });

  it('is counted: requests and throttles, retries included', async () => {
    const simulator = await simulated();
    simulator.faults.add({
      kind: 'error',
      code: 'ThrottlingException',
      message: 'Rate exceeded',
      operation: PACKS,
      times: 1,
    });
    const exporter = collectorOf(simulator);
    await exporter.refresh();
    const metrics = await exporter.scrape();
    expect(valuesBy(metrics, `${SELF}_api_requests_total`, 'operation')).toEqual({
      [STATUSES]: 1,
      [PACKS]: 2,
      [DETAIL]: 2,
      GetCallerIdentity: 0,
      DescribeOrganization: 0,
      ListAccounts: 0,
      DescribeOrganizationalUnit: 0,
    });
    expect(valuesBy(metrics, `${SELF}_api_throttles_total`, 'operation')[PACKS]).toBe(1);
    const durations = metrics.get(`${SELF}_api_request_duration_seconds`)?.samples;
    const count = durations?.find(
      ({ labels, name }) => name.endsWith('_count') && labels['operation'] === PACKS,
    );
    expect(count?.value).toBe(2);
  });

  it('of a token bucket slows the refresh down, and loses nothing', async () => {
    const organization = organizationOf({ packs: 6 });
    const simulator = await simulated(organization);
    simulator.faults.add({ service: 'config', kind: 'rate-limit', perSecond: 10, burst: 2 });
    const exporter = collectorOf(simulator, { flags: { 'accounts.series': 'full' } });
    let rounds = 0;
    do {
      await exporter.refresh();
    } while ((exporter.failures[REGION] ?? []).length > 0 && ++rounds < 10);
    expectTruth(await exporter.scrape(), organization);
    expect(simulator.requests.all.some(({ status }) => status === 400)).toBe(true);
  });
});

describe('a pack deleted between list and detail', () => {
  it('is gone, not failed', async () => {
    const organization = organizationOf();
    const simulator = await simulated(organization);
    const { name } = firstPack(organization);
    simulator.faults.add({
      kind: 'error',
      code: 'NoSuchOrganizationConformancePackException',
      message: 'gone',
      operation: DETAIL,
      pack: name,
    });
    const exporter = collectorOf(simulator, { flags: { 'packs.expected': name } });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: [] });
    const metrics = await exporter.scrape();
    expect(valuesBy(metrics, `${PREFIX}_info`, 'conformance_pack')).not.toHaveProperty(name);
    expect(valuesBy(metrics, `${PREFIX}_present`, 'conformance_pack')).toEqual({ [name]: 0 });
  });
});

describe('several Regions', () => {
  const REGIONS = ['eu-west-1', 'us-east-1', 'ap-south-1', 'ap-southeast-7'];

  it('are read side by side; one that hangs and one that is denied leave the others fresh', async () => {
    const organization = organizationOf({ regions: REGIONS.slice(0, 3) });
    const simulator = await simulated(organization);
    simulator.faults.add({ kind: 'hang', region: 'us-east-1' });
    simulator.faults.add({ kind: 'denied', region: 'ap-south-1' });
    const exporter = collectorOf(simulator, {
      flags: { 'aws.region': REGIONS, 'refresh.timeout': '1s', 'accounts.series': 'full' },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({
      'eu-west-1': [],
      'us-east-1': ['timeout'],
      'ap-south-1': ['access_denied'],
      // A Region that knows no organization conformance packs.
      'ap-southeast-7': ['region_unsupported'],
    });
    const metrics = await exporter.scrape();
    expect(valuesBy(metrics, `${SELF}_refresh_success`, 'aws_region')).toEqual({
      'eu-west-1': 1,
      'us-east-1': 0,
      'ap-south-1': 0,
      'ap-southeast-7': 0,
    });
    organization.packs = organization.packs.filter(({ region }) => region === 'eu-west-1');
    expectTruth(metrics, organization);
  });

  it('of which one hangs in the middle keep what it had read', async () => {
    const organization = organizationOf({ packs: 3, regions: REGIONS.slice(0, 2) });
    const simulator = await simulated(organization);
    const { name } = firstPack(organization, 'us-east-1');
    simulator.faults.add({ kind: 'hang', region: 'us-east-1', operation: DETAIL, pack: name });
    const exporter = collectorOf(simulator, {
      flags: { 'aws.region': REGIONS.slice(0, 2), 'refresh.timeout': '1s' },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ 'eu-west-1': [], 'us-east-1': ['timeout'] });
    const metrics = await exporter.scrape();
    const read = valuesBy(
      metrics,
      `${PREFIX}_detail_last_success_timestamp_seconds`,
      'aws_region',
      'conformance_pack',
    );
    expect(Object.keys(read)).toHaveLength(5);
    expect(read).not.toHaveProperty(`us-east-1/${name}`);
  });
});

describe('an endpoint that is not there', () => {
  it('is the network, at once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const exporter = collectorOf(await simulated(), {
      transport: { endpoint: `http://127.0.0.1:${port}` },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: ['network'] });
  });

  it('that accepts and says nothing is a timeout', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const exporter = collectorOf(await simulated(), {
      transport: { ...QUICK, endpoint: `http://127.0.0.1:${port}` },
    });
    await exporter.refresh();
    expect(exporter.failures).toEqual({ [REGION]: ['timeout'] });
  });
});
