import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { valuesBy, valuesWhere, type ParsedExposition } from '../support/parse-exposition.js';
import {
  collectorOf,
  firstPack,
  organizationOf,
  playing,
  REGION,
  simulated,
} from '../support/simulated.js';

const INFO = 'aws_organizations_account_info';
const PREFIX = 'aws_config_org_conformance_pack';
const SELF = 'conformance_pack_exporter';
const LIST = 'ListAccounts';
const HOUR = 3_600_000;

const names = (metrics: ParsedExposition) => valuesBy(metrics, INFO, 'account_name', 'ou_path');

describe('the accounts of the organization', () => {
  it('are read page by page, an empty one among them, with the names of their units', async () => {
    const organization = organizationOf({ accounts: 45 });
    const simulator = await simulated(organization);
    const exporter = collectorOf(simulator);
    const metrics = await exporter.look();
    const { requests } = simulator;
    expect([LIST, 'DescribeOrganizationalUnit'].map((name) => requests.count(name))).toEqual([
      4, 6,
    ]);
    expect(metrics.get(INFO)?.samples).toHaveLength(45);
    const [management, first] = [...organization.accounts.values()].map(({ name }) => name);
    expect(names(metrics)).toMatchObject({
      [`${management ?? ''}/Root`]: 1,
      [`${first ?? ''}/Root/Infrastructure`]: 1,
    });
    expect(await exporter.text()).not.toContain('@example.com');
  });

  it('are left alone, and nothing of them is told, where that is not wanted', async () => {
    const simulator = await simulated();
    const exporter = collectorOf(simulator, { flags: { 'collector.accounts': 'false' } });
    const metrics = await exporter.look();
    expect(simulator.requests.all.filter(({ service }) => service === 'organizations')).toEqual([]);
    const absent = ['accounts_missing', 'accounts_excluded', 'accounts_excused', 'account_missing'];
    expect(absent.filter((family) => metrics.has(`${PREFIX}_${family}`))).toEqual([]);
    expect(metrics.has(INFO)).toBe(false);
    expect(metrics.has(`${SELF}_accounts_last_success_timestamp_seconds`)).toBe(false);
    expect(valuesBy(metrics, `${SELF}_source_info`, 'source')).toEqual({ default: 1 });
  });

  it('keep their old names and count while they cannot be read, and are then withdrawn', async () => {
    let now = Date.now();
    const simulator = await simulated();
    const exporter = collectorOf(simulator, { clock: () => now });
    const before = names(await exporter.look());
    expect(Object.keys(before)).toHaveLength(5);
    const mend = simulator.faults.add({
      service: 'organizations',
      kind: 'error',
      code: 'ServiceException',
      message: 'oops',
      status: 500,
      operation: LIST,
    });
    now += 23 * HOUR;
    const metrics = await exporter.look();
    expect(names(metrics)).toEqual(before);
    expect(exporter.failures).toEqual({ [REGION]: [] });
    expect(exporter.collector.refreshers.sources[0]?.failuresInARow).toBe(1);
    now += 2 * HOUR;
    const later = await exporter.look();
    expect(later.has(INFO)).toBe(false);
    expect(later.has(`${PREFIX}_accounts_missing`)).toBe(false);
    expect(later.has(`${PREFIX}_accounts`)).toBe(true);
    mend();
    expect(names(await exporter.look())).toEqual(before);
    expect(exporter.collector.refreshers.sources[0]?.failuresInARow).toBe(0);
  });

  it('have no path below the root where the names of units are denied, which is no failure', async () => {
    const simulator = await simulated();
    simulator.faults.add({ kind: 'denied', operation: 'DescribeOrganizationalUnit' });
    const exporter = collectorOf(simulator);
    const metrics = await exporter.look();
    expect(valuesBy(metrics, INFO, 'ou_path')).toEqual({ Root: 1, '': 1 });
    expect(Object.keys(valuesBy(metrics, INFO, 'ou_id'))).toContain('ou-ab12-aaaaaaa1');
    expect(exporter.collector.refreshers.sources[0]?.complete).toBe(true);
  });

  it('keep their paths while the names of units cannot be read', async () => {
    const simulator = await simulated();
    const exporter = collectorOf(simulator);
    const before = names(await exporter.look());
    const hang = { kind: 'error', code: 'ServiceException', message: '', status: 500 } as const;
    simulator.faults.add({ ...hang, operation: 'DescribeOrganizationalUnit' });
    expect(names(await exporter.look())).toEqual(before);
    // They give labels, and no more.
    expect(exporter.collector.refreshers.sources[0]?.complete).toBe(true);
  });

  it('come before the names of units, which may take long', async () => {
    const simulator = await simulated();
    simulator.faults.add({ kind: 'hang', operation: 'DescribeOrganizationalUnit' });
    const exporter = collectorOf(simulator);
    const stop = new AbortController();
    const [source] = exporter.collector.refreshers.sources;
    const refreshing = source?.refresh(stop.signal);
    while (exporter.logged('accounts_read').length === 0) await setImmediate();
    await exporter.refresh();
    const metrics = await exporter.scrape();
    expect(metrics.get(INFO)?.samples).toHaveLength(5);
    expect(metrics.has(`${PREFIX}_accounts_missing`)).toBe(true);
    stop.abort();
    await refreshing;
    // Abandoned, and no failure of anybody.
    expect(exporter.logged('read_failed')).toEqual([]);
  });

  it('lose one path where a unit is gone by now', async () => {
    const simulator = await simulated();
    simulator.organization.units.delete('ou-ab12-aaaaaaa1');
    const metrics = await collectorOf(simulator).look();
    const paths = Object.keys(valuesBy(metrics, INFO, 'ou_path'));
    expect(paths).toContain('');
    expect(paths).toContain('Root/Sandbox');
  });

  it('are never none: an empty listing is no answer', async () => {
    const simulator = await simulated();
    const alter = () => ({ Accounts: [] });
    simulator.faults.add({ kind: 'alter', operation: LIST, alter });
    const exporter = collectorOf(simulator);
    const metrics = await exporter.look();
    expect(metrics.has(`${PREFIX}_accounts_missing`)).toBe(false);
    expect(exporter.logged('read_failed')).toMatchObject([{ reason: 'invalid_response' }]);
  });

  it('listed twice are told once', async () => {
    const simulator = await simulated();
    simulator.faults.add({
      kind: 'alter',
      operation: LIST,
      alter: (output) => ({ Accounts: [output['Accounts'], output['Accounts']].flat() }),
    });
    const metrics = await collectorOf(simulator).look();
    expect(metrics.get(INFO)?.samples).toHaveLength(5);
  });

  it('are asked for gently, and again where AWS throttles', async () => {
    const simulator = await simulated();
    simulator.faults.add({
      service: 'organizations',
      operation: LIST,
      kind: 'error',
      code: 'TooManyRequestsException',
      message: 'slow down',
      times: 4,
    });
    const exporter = collectorOf(simulator);
    const metrics = await exporter.look();
    expect(metrics.get(INFO)?.samples).toHaveLength(5);
    expect(valuesBy(metrics, `${SELF}_api_throttles_total`, 'operation')[LIST]).toBe(4);
  });

  it('go by Status where AWS gives no State', async () => {
    const simulator = await simulated();
    simulator.faults.add({
      operation: LIST,
      kind: 'alter',
      alter: (output) => ({
        ...output,
        Accounts: (output['Accounts'] as object[]).map((row) => ({ ...row, State: undefined })),
      }),
    });
    const metrics = await collectorOf(simulator).look();
    expect(valuesBy(metrics, INFO, 'account_state')).toEqual({ ACTIVE: 1 });
  });

  it('show a new name at the next reading, once', async () => {
    const organization = organizationOf();
    const exporter = collectorOf(await simulated(organization));
    await exporter.look();
    const [account] = organization.accounts.values();
    if (account === undefined) throw new Error('no account');
    account.name = 'quote " backslash \\ line\nend';
    const metrics = await exporter.look();
    const where = { account_id: account.id };
    expect(valuesWhere(metrics, INFO, where, 'account_name')).toEqual({ [account.name]: 1 });
  });
});

describe('the management account', () => {
  const missing = (metrics: ParsedExposition) =>
    valuesBy(metrics, `${PREFIX}_account_missing`, 'conformance_pack', 'account_id');

  it('is not missed where no pack reports it', async () => {
    const organization = organizationOf();
    const { managementAccountId, packs } = organization;
    for (const pack of packs) {
      pack.members = pack.members.filter(({ accountId }) => accountId !== managementAccountId);
    }
    expect(missing(await collectorOf(await simulated(organization)).look())).toEqual({});
  });

  it('is missed where another pack of the source reports it, in whatever Region', async () => {
    const regions = [REGION, 'us-east-1'];
    const organization = organizationOf({ packs: 1, regions });
    const { managementAccountId } = organization;
    const pack = firstPack(organization);
    pack.members = pack.members.filter(({ accountId }) => accountId !== managementAccountId);
    const exporter = collectorOf(await simulated(organization), {
      flags: { 'aws.region': regions },
    });
    expect(missing(await exporter.look())).toEqual({ [`${pack.name}/${managementAccountId}`]: 1 });
  });

  it('is not missed by the packs of another source', async () => {
    const simulator = await playing('delegated-admin');
    const { delegatedAdministrators, managementAccountId, packs } = simulator.organization;
    const [delegate = ''] = delegatedAdministrators;
    for (const pack of packs.filter(({ owner }) => owner === delegate)) {
      pack.members = pack.members.filter(({ accountId }) => accountId !== managementAccountId);
    }
    const exporter = collectorOf(simulator, {
      file: `
sources:
  - { name: management, regions: [eu-west-1] }
  - { name: security, role_arn: "arn:aws:iam::${delegate}:role/reader", regions: [eu-west-1] }
`,
    });
    expect(missing(await exporter.look())).toEqual({});
  });

  it('is missed where another pack reports it', async () => {
    const organization = organizationOf();
    const { managementAccountId } = organization;
    const pack = firstPack(organization);
    pack.members = pack.members.filter(({ accountId }) => accountId !== managementAccountId);
    expect(missing(await collectorOf(await simulated(organization)).look())).toEqual({
      [`${pack.name}/${managementAccountId}`]: 1,
    });
  });
});

describe('exclusions that cannot be read', () => {
  const PACKS = 'DescribeOrganizationConformancePacks';

  it('are those of before, and before the first nothing is said of coverage', async () => {
    const organization = organizationOf({ packs: 1 });
    const pack = firstPack(organization);
    const gone = pack.members.pop()?.accountId ?? '';
    pack.excludedAccounts = [gone];
    const simulator = await simulated(organization);
    const mend = simulator.faults.add({ kind: 'denied', operation: PACKS });
    const exporter = collectorOf(simulator);
    const first = await exporter.look();
    expect(first.has(`${PREFIX}_accounts_missing`)).toBe(false);
    expect(first.has(`${PREFIX}_accounts_excluded`)).toBe(false);
    mend();
    const told = { [pack.name]: 0 };
    expect(
      valuesBy(await exporter.look(), `${PREFIX}_accounts_missing`, 'conformance_pack'),
    ).toEqual(told);
    simulator.faults.add({ kind: 'denied', operation: PACKS });
    const metrics = await exporter.look();
    expect(valuesBy(metrics, `${PREFIX}_accounts_missing`, 'conformance_pack')).toEqual(told);
    expect(valuesBy(metrics, `${PREFIX}_accounts_excluded`, 'conformance_pack')).toEqual({
      [pack.name]: 1,
    });
  });
});
