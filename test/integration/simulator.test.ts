import {
  ConfigServiceClient,
  DescribeOrganizationConformancePacksCommand,
  DescribeOrganizationConformancePackStatusesCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
} from '@aws-sdk/client-config-service';
import {
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Simulator } from '../../src/simulator/server.js';
import { firstPack, organizationOf, REGION, simulated } from '../support/simulated.js';

/** Clients as any user of the simulator has them. */
async function connect(of?: Simulator, accountId?: string) {
  const simulator = of ?? (await simulated(organizationOf({ accounts: 45, packs: 30 })));
  const { managementAccountId } = simulator.organization;
  const access = {
    endpoint: simulator.url,
    region: REGION,
    credentials: simulator.credentials(accountId ?? managementAccountId),
    maxAttempts: 1,
  };
  const config = new ConfigServiceClient(access);
  const organizations = new OrganizationsClient(access);
  const sts = new STSClient(access);
  onTestFinished(() => {
    for (const client of [config, organizations, sts]) client.destroy();
  });
  return { simulator, config, organizations, sts };
}

describe('the simulated AWS Config', () => {
  it.each([
    ['a limit above 100', { Limit: 101 }, 'InvalidLimitException'],
    ['a limit below 0', { Limit: -1 }, 'InvalidLimitException'],
    ['a token that is none', { NextToken: 'nonsense' }, 'InvalidNextTokenException'],
    [
      'more than 25 names',
      { OrganizationConformancePackNames: Array<string>(26).fill('A') },
      'ValidationException',
    ],
    ['a name that is none', { OrganizationConformancePackNames: ['1-A'] }, 'ValidationException'],
    [
      'a pack that is not there',
      { OrganizationConformancePackNames: ['Nothing'] },
      'NoSuchOrganizationConformancePackException',
    ],
  ])('refuses %s', async (_, input, name) => {
    const { config } = await connect();
    const statuses = config.send(new DescribeOrganizationConformancePackStatusesCommand(input));
    await expect(statuses).rejects.toMatchObject({ name });
    const packs = config.send(new DescribeOrganizationConformancePacksCommand(input));
    await expect(packs).rejects.toMatchObject({ name });
  });

  it('takes a token for the very call that it was given out to only', async () => {
    const { config } = await connect();
    const command = DescribeOrganizationConformancePackStatusesCommand;
    const first = await config.send(new command({ Limit: 10 }));
    expect(first.OrganizationConformancePackStatuses).toHaveLength(10);
    const { NextToken } = first;
    const second = await config.send(new command({ Limit: 20, NextToken }));
    expect(second.OrganizationConformancePackStatuses).toHaveLength(20);
    expect(second.NextToken).toBeUndefined();
    const elsewhere = config.send(new DescribeOrganizationConformancePacksCommand({ NextToken }));
    await expect(elsewhere).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });

  it('ignores limit and token where packs are named', async () => {
    const { config, simulator } = await connect();
    const names = simulator.organization.packs.slice(0, 3).map(({ name }) => name);
    const { OrganizationConformancePacks: packs } = await config.send(
      new DescribeOrganizationConformancePacksCommand({
        OrganizationConformancePackNames: names,
        Limit: 1,
        NextToken: 'nonsense',
      }),
    );
    expect(packs?.map((pack) => pack.OrganizationConformancePackName)).toEqual(names);
  });

  it('filters the accounts of a pack by account and by status', async () => {
    const { config, simulator } = await connect();
    const { members, name } = firstPack(simulator.organization);
    const [member] = members;
    const ask = async (filters: { AccountId?: string; Status?: 'CREATE_FAILED' }) => {
      const { OrganizationConformancePackDetailedStatuses: rows } = await config.send(
        new GetOrganizationConformancePackDetailedStatusCommand({
          OrganizationConformancePackName: name,
          Filters: filters,
        }),
      );
      return rows ?? [];
    };
    const one = await ask({ AccountId: member?.accountId ?? '' });
    expect(one).toHaveLength(1);
    expect(one[0]).toMatchObject({ AccountId: member?.accountId, Status: member?.status });
    expect(one[0]?.ConformancePackName).toMatch(
      new RegExp(`^OrgConformsPack-${name}-[a-z0-9]{8}$`),
    );
    const failed = members.filter(({ status }) => status === 'CREATE_FAILED');
    expect(await ask({ Status: 'CREATE_FAILED' })).toHaveLength(failed.length);
    await expect(ask({ AccountId: '123' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('shows a delegated administrator its own packs only, and no error', async () => {
    const { simulator } = await connect();
    const delegate = [...simulator.organization.accounts.keys()].at(-1) ?? '';
    simulator.organization.delegatedAdministrators.add(delegate);
    const { config } = await connect(simulator, delegate);
    const statuses = await config.send(new DescribeOrganizationConformancePackStatusesCommand({}));
    expect(statuses.OrganizationConformancePackStatuses).toEqual([]);
  });
});

describe('the simulated AWS Organizations and STS', () => {
  it('lists accounts twenty at a time after an empty page, with state, name and path', async () => {
    const { organizations, simulator } = await connect();
    const ids: (string | undefined)[] = [];
    const pages = paginateListAccounts({ client: organizations }, {});
    let count = 0;
    for await (const { Accounts = [] } of pages) {
      count++;
      expect(Accounts.length).toBeLessThanOrEqual(20);
      for (const account of Accounts) {
        ids.push(account.Id);
        expect(account).toMatchObject({ State: 'ACTIVE', JoinedMethod: 'CREATED' });
      }
    }
    expect(count).toBe(4);
    expect(ids.sort()).toEqual([...simulator.organization.accounts.keys()].sort());
  });

  it('describes the organization and its units', async () => {
    const { organizations, simulator } = await connect();
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
    expect(Organization).toMatchObject({
      Id: simulator.organization.id,
      MasterAccountId: simulator.organization.managementAccountId,
    });
    const [unit] = simulator.organization.units.values();
    const described = await organizations.send(
      new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: unit?.id }),
    );
    expect(described.OrganizationalUnit?.Name).toBe(unit?.name);
  });

  it('throttles as Organizations does', async () => {
    const { organizations, simulator } = await connect();
    simulator.faults.add({ service: 'organizations', kind: 'rate-limit', perSecond: 1, burst: 1 });
    await organizations.send(new ListAccountsCommand({}));
    const second = organizations.send(new ListAccountsCommand({}));
    await expect(second).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('says who is asking', async () => {
    const { simulator, sts } = await connect();
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe(simulator.organization.managementAccountId);
  });
});
