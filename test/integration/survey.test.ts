import { describe, expect, it, onTestFinished } from 'vitest';
import { connectSources } from '../../src/connect.js';
import { survey, type SurveyInput, type SurveyProgress } from '../../src/inquiries/survey.js';
import { settle } from '../../src/simulator/arrange.js';
import type { Simulator } from '../../src/simulator/server.js';
import { configOf, firstPack, organizationOf, REGION, simulated } from '../support/simulated.js';

const fileOf = (account: string) => `sources:
  - { name: one, regions: [${REGION}, us-east-1] }
  - { name: two, role_arn: "arn:aws:iam::${account}:role/reader", regions: [${REGION}] }
`;

function surveyOf(simulator: Simulator, more: Partial<SurveyInput> = {}) {
  const { managementAccountId } = simulator.organization;
  const sources = connectSources(configOf({ file: fileOf(managementAccountId) }), {
    aws: {
      endpoint: simulator.url,
      credentials: simulator.credentials(managementAccountId),
      organizationsPerSecond: 10_000,
    },
  });
  onTestFinished(() => sources.forEach((source) => source.destroy()));
  return survey({
    sources,
    selects: () => true,
    countsAccounts: true,
    pageSize: 100,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  });
}

async function simulatedOrganization() {
  const organization = organizationOf({ accounts: 45, packs: 3, regions: [REGION, 'us-east-1'] });
  settle(organization);
  return simulated(organization);
}

describe('a survey', () => {
  it('lists the packs of each Region and the accounts of each source, and no detail', async () => {
    const simulator = await simulatedOrganization();
    const told: SurveyProgress[] = [];
    const found = await surveyOf(simulator, {
      selects: (pack) => pack !== firstPack(simulator.organization).name,
      onProgress: (progress) => told.push(progress),
    });
    expect(found.failures).toEqual([]);
    expect([...found.accounts]).toEqual([
      ['one', 45],
      ['two', 45],
    ]);
    const [first] = found.scopes;
    expect(found.scopes.map(({ scope }) => [scope.source, scope.region])).toEqual([
      ['one', REGION],
      ['one', 'us-east-1'],
      ['two', REGION],
    ]);
    expect(first?.listed).toBe(3);
    expect(first?.packs).toHaveLength(2);
    expect(first?.packs.every(({ atRest }) => atRest)).toBe(true);
    expect(told.at(-1)).toEqual({ scopes: 3, accounts: 90 });
    // Accounts come twenty at a time, from either source.
    expect(new Set(told.map(({ accounts }) => accounts)).size).toBeGreaterThanOrEqual(6);
    expect(simulator.requests.count('GetOrganizationConformancePackDetailedStatus')).toBe(0);
  });

  it('goes on where something cannot be read, and says what', async () => {
    const simulator = await simulatedOrganization();
    simulator.faults.add({ operation: 'ListAccounts', kind: 'denied' });
    simulator.faults.add({
      operation: 'DescribeOrganizationConformancePackStatuses',
      region: 'us-east-1',
      kind: 'denied',
    });
    const { accounts, failures, scopes } = await surveyOf(simulator);
    expect(scopes.map(({ scope }) => scope.region)).toEqual([REGION, REGION]);
    expect(accounts.size).toBe(0);
    expect(failures.map(({ region, source }) => [source, region]).sort()).toEqual([
      ['one', undefined],
      ['one', 'us-east-1'],
      ['two', undefined],
    ]);
  });

  it('leaves AWS Organizations alone where the accounts are given', async () => {
    const simulator = await simulatedOrganization();
    const { accounts } = await surveyOf(simulator, { countsAccounts: false });
    expect(accounts.size).toBe(0);
    expect(simulator.requests.count('ListAccounts')).toBe(0);
  });
});
