import { describe, expect, it } from 'vitest';
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '../../src/simulator/scenarios.js';
import { evolve } from '../../src/simulator/evolve.js';
import { setDeployment } from '../../src/simulator/organization.js';
import { seededRandom } from '../../src/simulator/random.js';
import { type ParsedExposition, valuesWhere } from '../support/parse-exposition.js';
import { collectorOf, firstPack, playing } from '../support/simulated.js';

const PREFIX = 'aws_config_org_conformance_pack';
const INFO = 'aws_organizations_account_info';

/** Reads a scenario once. `of` gives the values of a family of its first pack. */
async function look(name: ScenarioName) {
  const simulator = await playing(name);
  const { organization } = simulator;
  const exporter = collectorOf(simulator);
  const metrics = await exporter.look();
  const pack = firstPack(organization);
  return { simulator, organization, exporter, metrics, pack, of: readerOf(metrics, pack.name) };
}

function selfReaderOf(metrics: ParsedExposition) {
  return (name: string, ...labels: string[]) =>
    valuesWhere(metrics, `conformance_pack_exporter_${name}`, { source: 'default' }, ...labels);
}

function readerOf(metrics: ParsedExposition, pack: string) {
  const where = { source: 'default', conformance_pack: pack };
  return (family: string, ...labels: string[]) =>
    valuesWhere(metrics, `${PREFIX}_${family}`, where, ...labels);
}

const rollout = (state: string) => ({
  complete: 0,
  in_progress: 0,
  failed: 0,
  deleted: 0,
  unknown: 0,
  [state]: 1,
});

describe('the scenario', () => {
  it('healthy is complete, and in keeping with its roll-up', async () => {
    const { metrics, of } = await look('healthy');
    expect(of('rollout', 'state')).toEqual(rollout('complete'));
    expect(of('rollup_mismatch')).toEqual({ '': 0 });
    expect(of('accounts_missing')).toEqual({ '': 0 });
    expect(metrics.has(`${PREFIX}_accounts_by_error`)).toBe(false);
  });

  it('stuck-rollup is seen through: failed, a mismatch, and the account has a name', async () => {
    const { exporter, metrics, of, organization, pack } = await look('stuck-rollup');
    expect(of('status', 'status')).toMatchObject({ CREATE_IN_PROGRESS: 1, CREATE_FAILED: 0 });
    expect(of('rollout', 'state')).toEqual(rollout('failed'));
    expect(of('rollup_mismatch')).toEqual({ '': 1 });
    expect(of('accounts', 'status')).toMatchObject({ CREATE_SUCCESSFUL: 4, CREATE_FAILED: 1 });
    expect(of('accounts_by_error', 'error_code')).toEqual({ NoAvailableConfigurationRecorder: 1 });
    const failed = pack.members.find(({ status }) => status === 'CREATE_FAILED')?.accountId ?? '';
    const error = 'error_code';
    expect(of('account_error', 'account_id', error)).toEqual({
      [`${failed}/NoAvailableConfigurationRecorder`]: 1,
    });
    const name = organization.accounts.get(failed)?.name ?? '';
    expect(name).not.toBe('');
    const where = { source: 'default', account_id: failed };
    expect(valuesWhere(metrics, INFO, where, 'account_name', 'ou_path', 'account_state')).toEqual({
      [`${name}/Root/Workloads/Test/ACTIVE`]: 1,
    });
    // From one listing to the next nothing has happened.
    await exporter.refresh();
    expect(exporter.logged('account_transition')).toEqual([]);
    expect(exporter.logged('roll_up_changed')).toEqual([]);
  });

  it('stuck-account is in progress, and tells since when', async () => {
    const { of } = await look('stuck-account');
    expect(of('rollout', 'state')).toEqual(rollout('in_progress'));
    expect(of('rollup_mismatch')).toEqual({ '': 0 });
    const age = Date.now() / 1000 - (of('in_progress_oldest_timestamp_seconds')[''] ?? NaN);
    expect(age).toBeGreaterThan(47 * 3600);
  });

  it('mass-failure is told by its code, and excuses nobody', async () => {
    const { of } = await look('mass-failure');
    expect(of('accounts_by_error', 'error_code')).toEqual({ NoAvailableConfigurationRecorder: 4 });
    expect(of('rollout', 'state')).toEqual(rollout('failed'));
    expect(of('rollup_mismatch')).toEqual({ '': 0 });
    const excused = Object.values(of('accounts_excused', 'status', 'reason'));
    expect(excused).toHaveLength(12);
    expect(excused.every((accounts) => accounts === 0)).toBe(true);
  });

  it('new-account has failed, and is excused for being new', async () => {
    const { of } = await look('new-account');
    expect(of('rollout', 'state')).toEqual(rollout('failed'));
    expect(of('accounts_excused', 'status', 'reason')).toMatchObject({
      'CREATE_FAILED/new': 1,
      'CREATE_FAILED/inactive': 0,
    });
  });

  it('suspended-account has failed, and is excused for not being active', async () => {
    const { metrics, of } = await look('suspended-account');
    expect(of('accounts_by_error', 'error_code')).toEqual({ unspecified: 1 });
    expect(of('accounts_excused', 'status', 'reason')).toMatchObject({
      'UPDATE_FAILED/new': 0,
      'UPDATE_FAILED/inactive': 1,
    });
    expect(valuesWhere(metrics, INFO, {}, 'account_state')).toMatchObject({ SUSPENDED: 1 });
  });

  it('missing-account misses it, and not the one that the pack excludes', async () => {
    const { of, organization } = await look('missing-account');
    const forgotten = [...organization.accounts.keys()].at(-1) ?? '';
    expect(of('accounts_missing')).toEqual({ '': 1 });
    expect(of('account_missing', 'account_id')).toEqual({ [forgotten]: 1 });
    expect(of('accounts_excluded')).toEqual({ '': 1 });
    expect(of('rollout', 'state')).toEqual(rollout('complete'));
  });

  it('deleting has failed, and misses nobody', async () => {
    const { of } = await look('deleting');
    expect(of('rollout', 'state')).toEqual(rollout('failed'));
    expect(of('accounts', 'status')).toMatchObject({
      DELETE_SUCCESSFUL: 2,
      DELETE_IN_PROGRESS: 2,
      DELETE_FAILED: 1,
    });
    expect(of('accounts_missing')).toEqual({ '': 0 });
  });

  it('vanishing-pack is in progress, then deleted, then gone, and leaves nothing behind', async () => {
    const { exporter, of, organization, pack } = await look('vanishing-pack');
    expect(of('rollout', 'state')).toEqual(rollout('in_progress'));
    const random = seededRandom(1);
    const live = () => SCENARIOS['vanishing-pack'].life?.(organization, random, Date.now());
    while (pack.rollUp.status !== 'DELETE_SUCCESSFUL') live();
    await exporter.refresh();
    const deleted = readerOf(await exporter.scrape(), pack.name);
    expect(deleted('rollout', 'state')).toEqual(rollout('deleted'));
    expect(deleted('rollup_mismatch')).toEqual({ '': 0 });
    live();
    await exporter.refresh();
    expect(await exporter.text()).not.toContain(pack.name);
  });

  it('spreading-failure begins complete and ends failed in every account, each counted once', async () => {
    const { exporter, of, organization, pack } = await look('spreading-failure');
    expect(of('rollout', 'state')).toEqual(rollout('complete'));
    const random = seededRandom(1);
    for (let step = 0; step < 50; step++) {
      SCENARIOS['spreading-failure'].life?.(organization, random, Date.now());
    }
    await exporter.refresh();
    const after = readerOf(await exporter.scrape(), pack.name);
    expect(after('rollout', 'state')).toEqual(rollout('failed'));
    expect(after('rollup_mismatch')).toEqual({ '': 0 });
    expect(after('account_status_transitions_total', 'status')).toMatchObject({ UPDATE_FAILED: 5 });
  });

  it('flapping counts a transition at each step', async () => {
    const { exporter, organization, pack } = await look('flapping');
    for (let step = 0; step < 4; step++) {
      SCENARIOS.flapping.life?.(organization, seededRandom(1), Date.now());
      await exporter.refresh();
    }
    const of = readerOf(await exporter.scrape(), pack.name);
    expect(of('account_status_transitions_total', 'status')).toMatchObject({
      UPDATE_FAILED: 2,
      UPDATE_SUCCESSFUL: 2,
      CREATE_FAILED: 0,
    });
  });

  it('odd-answers stays a valid exposition in both formats, with few codes and no message', async () => {
    const { exporter, of, organization, pack } = await look('odd-answers');
    expect(of('rollout', 'state')).toEqual(rollout('failed'));
    expect(of('status', 'status')).toMatchObject({ ROLLED_BACK: 1 });
    expect(of('accounts', 'status')).toMatchObject({ PAUSED: 1, CREATE_FAILED: 3 });
    expect(of('last_update_age_seconds')).toEqual({ '': 0 });
    for (const format of ['text', 'openmetrics'] as const) {
      await exporter.scrape(format);
      expect(await exporter.text(format)).not.toContain('<script>');
    }
    // The log has the code as AWS gave it.
    for (const member of pack.members) {
      setDeployment(member, { status: 'UPDATE_FAILED', errorCode: 'Never"Heard\nOf' });
    }
    await exporter.refresh();
    const lines = exporter.logged('account_transition');
    expect(lines).toHaveLength(organization.accounts.size);
    expect(lines[0]).toMatchObject({ errorCode: 'other', rawCode: 'Never"Heard\nOf' });
  });

  it('organizations-denied costs names and coverage, and nothing else', async () => {
    const { exporter, metrics, of } = await look('organizations-denied');
    expect(of('rollout', 'state')).toMatchObject({ unknown: 0 });
    const absent = ['accounts_missing', 'accounts_excluded', 'accounts_excused', 'account_missing'];
    expect(absent.filter((family) => metrics.has(`${PREFIX}_${family}`))).toEqual([]);
    expect(metrics.has(INFO)).toBe(false);
    expect(exporter.failures).toEqual({ 'eu-west-1': [] });
    const self = selfReaderOf(metrics);
    expect(self('accounts_last_success_timestamp_seconds')).toEqual({ '': 0 });
    expect(self('api_request_failures_total', 'operation', 'reason')).toMatchObject({
      'ListAccounts/access_denied': 1,
      'DescribeOrganization/access_denied': 1,
      'ListAccounts/throttled': 0,
    });
    expect(self('refresh_failures_total', 'reason')).toMatchObject({ access_denied: 0 });
    expect(exporter.logged('read_failed')).toContainEqual(
      expect.objectContaining({
        error: expect.stringContaining('organizations:ListAccounts') as string,
        advice: expect.stringContaining('--no-collector.accounts') as string,
      }),
    );
  });

  it('organizations-unreachable fails no refresh, and is counted by its reason', async () => {
    const { exporter, metrics } = await look('organizations-unreachable');
    expect(metrics.has(INFO)).toBe(false);
    expect(exporter.failures).toEqual({ 'eu-west-1': [] });
    const self = selfReaderOf(metrics);
    expect(self('accounts_last_success_timestamp_seconds')).toEqual({ '': 0 });
    expect(self('api_request_failures_total', 'operation', 'reason')).toMatchObject({
      'ListAccounts/network': 1,
    });
  });

  it('delegated-admin has two packs of one name, each with its own accounts', async () => {
    const simulator = await playing('delegated-admin');
    const { organization } = simulator;
    const [delegate = ''] = organization.delegatedAdministrators;
    const exporter = collectorOf(simulator, {
      file: `
sources:
  - { name: management, regions: [eu-west-1] }
  - { name: security, role_arn: "arn:aws:iam::${delegate}:role/reader", regions: [eu-west-1] }
`,
    });
    const [theirs] = organization.packs.filter(({ owner }) => owner === delegate);
    theirs?.members.pop();
    const metrics = await exporter.look();
    const pack = { conformance_pack: theirs?.name ?? '', status: 'CREATE_SUCCESSFUL' };
    expect(valuesWhere(metrics, `${PREFIX}_accounts`, pack, 'source')).toEqual({
      management: 5,
      security: 4,
    });
    const info = 'conformance_pack_exporter_source_info';
    const labels = ['source', 'owner_account_id', 'organization_id', 'partition'];
    expect(valuesWhere(metrics, info, {}, ...labels)).toEqual({
      [`management/${organization.managementAccountId}/${organization.id}/aws`]: 1,
      [`security/${delegate}/${organization.id}/aws`]: 1,
    });
    await exporter.look();
    // Once for each credentials, not once for each refresh.
    expect(simulator.requests.count('GetCallerIdentity')).toBe(2);
    expect(simulator.requests.count('DescribeOrganization')).toBe(2);
  });

  it.each(SCENARIO_NAMES.filter((name) => !['large', 'hanging-region'].includes(name)))(
    '%s goes on without a crash, and every exposition on the way is valid',
    async (name) => {
      const simulator = await playing(name);
      const exporter = collectorOf(simulator, { transport: { requestTimeoutMs: 500 } });
      const life = SCENARIOS[name].life ?? evolve;
      const random = seededRandom(3);
      for (let step = 0; step < 3; step++) {
        const metrics = await exporter.look();
        expect(metrics.has('conformance_pack_exporter_refresh_success')).toBe(true);
        life(simulator.organization, random, Date.now());
      }
    },
  );
});
