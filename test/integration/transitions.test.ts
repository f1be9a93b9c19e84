import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/simulator/evolve.js';
import { setDeployment, type Organization } from '../../src/simulator/organization.js';
import { seededRandom } from '../../src/simulator/random.js';
import { valuesBy } from '../support/parse-exposition.js';
import {
  collectorOf,
  firstPack,
  organizationOf,
  REGION,
  simulated,
  type TestCollector,
} from '../support/simulated.js';

const COUNTER = 'aws_config_org_conformance_pack_account_status_transitions_total';
const DETAIL = 'GetOrganizationConformancePackDetailedStatus';

async function counted(exporter: TestCollector): Promise<Record<string, number>> {
  return valuesBy(await exporter.scrape(), COUNTER, 'conformance_pack', 'status');
}

/** Status by pack and account, as the server has it. */
function statuses({ packs }: Organization): Map<string, string> {
  const rows = packs.flatMap(({ members, name }) =>
    members.map(({ accountId, status }) => [`${name}/${accountId}`, status] as const),
  );
  return new Map(rows);
}

describe('transitions', () => {
  it('start at 0 for every pack and status', async () => {
    const exporter = collectorOf(await simulated());
    await exporter.refresh();
    const values = Object.values(await counted(exporter));
    expect(values).toHaveLength(2 * 9);
    expect(values.every((value) => value === 0)).toBe(true);
    expect(exporter.logged('account_transition')).toEqual([]);
  });

  it('are counted and logged exactly as often as accounts changed, whatever joins or leaves', async () => {
    const organization = organizationOf({ accounts: 40, packs: 4 });
    const exporter = collectorOf(await simulated(organization));
    const random = seededRandom(11);
    const expected: Record<string, number> = {};
    await exporter.look();
    let lines = 0;
    for (let refresh = 0; refresh < 8; refresh++) {
      const before = statuses(organization);
      for (let step = 0; step < 3; step++) evolve(organization, random, Date.now());
      if (refresh === 4) firstPack(organization).members.pop();
      for (const [key, status] of statuses(organization)) {
        const [pack = ''] = key.split('/');
        if (!before.has(key) || before.get(key) === status) continue;
        expected[`${pack}/${status}`] = (expected[`${pack}/${status}`] ?? 0) + 1;
        lines++;
      }
      await exporter.refresh();
    }
    const moved = Object.entries(await counted(exporter)).filter(([, value]) => value !== 0);
    expect(lines).toBeGreaterThan(100);
    expect(Object.fromEntries(moved)).toEqual(expected);
    expect(exporter.logged('account_transition')).toHaveLength(lines);
  });

  it('are told with account, name, codes and the message that metrics do not carry', async () => {
    const organization = organizationOf();
    const exporter = collectorOf(await simulated(organization));
    await exporter.look();
    const pack = firstPack(organization);
    const member = pack.members.find(({ status }) => status === 'CREATE_SUCCESSFUL');
    if (member === undefined) throw new Error('no account');
    const errorMessage = `create a recorder, "please" ${'!'.repeat(2000)}`;
    const errorCode = 'NoAvailableConfigurationRecorderException';
    setDeployment(member, {
      status: 'UPDATE_FAILED',
      updatedAt: Date.now(),
      errorCode,
      errorMessage,
    });
    const before = pack.rollUp.status;
    setDeployment(pack.rollUp, {
      status: 'UPDATE_FAILED',
      updatedAt: Date.now(),
      errorMessage: 'so',
    });
    await exporter.refresh();
    const [line] = exporter.logged('account_transition');
    expect(line).toEqual({
      level: 'info',
      event: 'account_transition',
      source: 'default',
      region: REGION,
      pack: pack.name,
      accountId: member.accountId,
      accountName: organization.accounts.get(member.accountId)?.name,
      from: 'CREATE_SUCCESSFUL',
      to: 'UPDATE_FAILED',
      errorCode: 'NoAvailableConfigurationRecorder',
      errorMessage: expect.stringMatching(/^create a recorder, "please" !+…$/) as unknown,
      msg: 'Account changed',
    });
    expect(String(line?.['errorMessage'])).toHaveLength(1024);
    expect(exporter.logged('roll_up_changed')).toMatchObject([
      { pack: pack.name, from: before, to: 'UPDATE_FAILED', errorMessage: 'so' },
    ]);
  });

  it('are not made by a refresh that failed, and not lost by it', async () => {
    const organization = organizationOf({ packs: 1 });
    const simulator = await simulated(organization);
    const exporter = collectorOf(simulator);
    await exporter.refresh();
    const { members, name } = firstPack(organization);
    for (const member of members) setDeployment(member, { status: 'DELETE_IN_PROGRESS' });
    const mend = simulator.faults.add({ kind: 'denied', operation: DETAIL });
    await exporter.refresh();
    expect((await counted(exporter))[`${name}/DELETE_IN_PROGRESS`]).toBe(0);
    mend();
    await exporter.refresh();
    await exporter.refresh();
    expect((await counted(exporter))[`${name}/DELETE_IN_PROGRESS`]).toBe(5);
  });

  it('begin at 0 again for a pack that was gone', async () => {
    const organization = organizationOf({ packs: 1 });
    const exporter = collectorOf(await simulated(organization));
    await exporter.refresh();
    const { packs } = organization;
    const pack = firstPack(organization);
    for (const member of pack.members) setDeployment(member, { status: 'UPDATE_IN_PROGRESS' });
    await exporter.refresh();
    const key = `${pack.name}/UPDATE_IN_PROGRESS`;
    expect((await counted(exporter))[key]).toBe(5);
    organization.packs = [];
    await exporter.refresh();
    expect(await counted(exporter)).toEqual({});
    organization.packs = packs;
    await exporter.refresh();
    expect((await counted(exporter))[key]).toBe(0);
  });
});
