import { describe, expect, it } from 'vitest';
import { settle } from '../../src/simulator/arrange.js';
import { setDeployment, type OrganizationPack } from '../../src/simulator/organization.js';
import { setRollUp } from '../../src/simulator/roll-up.js';
import { valuesBy } from '../support/parse-exposition.js';
import { collectorOf, organizationOf, REGION, simulated } from '../support/simulated.js';

const DETAIL = 'GetOrganizationConformancePackDetailedStatus';
const PREFIX = 'aws_config_org_conformance_pack';
const SELF = 'conformance_pack_exporter';
const EVERY = 4;
const PACKS = 16;

/** An exporter that sweeps, in a time of its own, of packs that are all complete. */
async function sweeping() {
  const organization = organizationOf({ packs: PACKS, accounts: 3 });
  settle(organization);
  const simulator = await simulated(organization);
  let now = 1e12;
  const exporter = collectorOf(simulator, {
    clock: () => now,
    flags: { 'refresh.sweep-every': String(EVERY), 'accounts.series': 'active' },
  });
  /** Refreshes once, a minute later; resolves with the packs whose accounts were asked for. */
  const refresh = async (): Promise<readonly string[]> => {
    now += 60_000;
    simulator.requests.clear();
    await exporter.refresh();
    return simulator.requests.all
      .filter(({ operation }) => operation === DETAIL)
      .map(({ pack }) => pack ?? '');
  };
  const names = organization.packs.map(({ name }) => name).sort();
  return { organization, simulator, exporter, refresh, names, now: () => now };
}

function packNamed(packs: readonly OrganizationPack[], name: string | undefined): OrganizationPack {
  const pack = packs.find((candidate) => candidate.name === name);
  if (pack === undefined) throw new Error(`no pack ${name ?? ''}`);
  return pack;
}

describe('packs at rest', () => {
  it('are all read at first, and then each once in a round, some at each refresh', async () => {
    const { exporter, names, refresh } = await sweeping();
    expect([...(await refresh())].sort()).toEqual(names);
    for (let round = 0; round < 2; round++) {
      const read: (readonly string[])[] = [];
      for (let turn = 0; turn < EVERY; turn++) read.push(await refresh());
      expect(read.flat().sort()).toEqual(names);
      for (const packs of read) expect(packs).toHaveLength(PACKS / EVERY);
    }
    expect(valuesBy(await exporter.scrape(), `${SELF}_sweep_interval_seconds`, 'source')).toEqual({
      default: EVERY * 300,
    });
  });

  it('that were left alone keep their accounts with their own age, and are no failure', async () => {
    const { exporter, names, now, refresh } = await sweeping();
    await refresh();
    const before = await exporter.scrape();
    const read = new Set(await refresh());
    const metrics = await exporter.scrape();
    const readAt = valuesBy(
      metrics,
      `${PREFIX}_detail_last_success_timestamp_seconds`,
      'conformance_pack',
    );
    for (const name of names) {
      expect(readAt[name], name).toBe(now() / 1000 - (read.has(name) ? 0 : 60));
    }
    const accounts = `${PREFIX}_account_status`;
    expect(metrics.get(accounts)?.samples).toEqual(before.get(accounts)?.samples);
    expect(valuesBy(metrics, `${SELF}_refresh_success`, 'aws_region')).toEqual({ [REGION]: 1 });
  });

  it('are read as soon as their roll-up changes, which shows at once', async () => {
    const { exporter, names, organization, refresh } = await sweeping();
    await refresh();
    const read = new Set(await refresh());
    const resting = names.find((name) => !read.has(name) && name !== names[0]);
    const pack = packNamed(organization.packs, resting);
    for (const member of pack.members) {
      setDeployment(member, { status: 'UPDATE_IN_PROGRESS', updatedAt: 1e12 });
    }
    setRollUp(pack, 'UPDATE_IN_PROGRESS', 1e12);
    // In progress it is read each time.
    for (let turn = 0; turn < EVERY; turn++) expect(await refresh()).toContain(pack.name);
    const status = valuesBy(
      await exporter.scrape(),
      `${PREFIX}_status`,
      'conformance_pack',
      'status',
    );
    expect(status[`${pack.name}/UPDATE_IN_PROGRESS`]).toBe(1);
  });

  it('of which AWS says nothing are read within one round all the same', async () => {
    const { exporter, names, organization, refresh } = await sweeping();
    await refresh();
    const pack = packNamed(organization.packs, names[3]);
    const [member] = pack.members;
    if (member === undefined) throw new Error('no account');
    // The roll-up stays as it was.
    setDeployment(member, { status: 'UPDATE_FAILED', updatedAt: 1e12 });
    for (let turn = 0; turn < EVERY; turn++) await refresh();
    const failed = valuesBy(
      await exporter.scrape(),
      `${PREFIX}_accounts`,
      'conformance_pack',
      'status',
    );
    expect(failed[`${pack.name}/UPDATE_FAILED`]).toBe(1);
    // It now disagrees with its roll-up.
    expect(await refresh()).toContain(pack.name);
    expect(await refresh()).toContain(pack.name);
  });

  it('that could not be read in their turn are tried again at each refresh', async () => {
    const { exporter, names, refresh, simulator } = await sweeping();
    await refresh();
    const [name = ''] = names;
    const heal = simulator.faults.add({ kind: 'denied', operation: DETAIL, pack: name });
    for (let turn = 0; turn < EVERY; turn++) await refresh();
    expect(await refresh()).toContain(name);
    expect(await refresh()).toContain(name);
    heal();
    expect(await refresh()).toContain(name);
    expect(exporter.failures).toEqual({ [REGION]: [] });
  });
});
