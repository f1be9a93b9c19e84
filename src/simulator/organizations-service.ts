import type { Account, Organization } from './organization.js';
import { paginate } from './paging.js';
import { ServiceError, type Call, type Output } from './wire.js';

const MAX_RESULTS = 20;

/** The operations of AWS Organizations that name accounts and units. */
export function callOrganizations(organization: Organization, call: Call): Output {
  switch (call.operation) {
    case 'DescribeOrganization':
      return {
        Organization: {
          Id: organization.id,
          Arn: `arn:aws:organizations::${organization.managementAccountId}:organization/${organization.id}`,
          FeatureSet: 'ALL',
          MasterAccountId: organization.managementAccountId,
          MasterAccountArn: accountArn(organization, organization.managementAccountId),
        },
      };
    case 'ListAccounts': {
      requireTrust(organization, call);
      const limit = Math.min(Number(call.input['MaxResults'] ?? MAX_RESULTS), MAX_RESULTS);
      const accounts = [...organization.accounts.values()];
      const { page, nextToken } = paginate(call, accounts, {
        limit,
        invalidToken: 'InvalidInputException',
        emptyFirst: true,
      });
      return {
        Accounts: page.map((account) => describeAccount(organization, account)),
        NextToken: nextToken,
      };
    }
    case 'DescribeOrganizationalUnit': {
      requireTrust(organization, call);
      const unit = organization.units.get(String(call.input['OrganizationalUnitId']));
      if (unit === undefined) {
        throw new ServiceError(
          'OrganizationalUnitNotFoundException',
          'You specified an organizational unit that does not exist.',
        );
      }
      return { OrganizationalUnit: { Id: unit.id, Name: unit.name } };
    }
    default:
      throw new ServiceError('UnknownOperationException', '');
  }
}

function requireTrust(organization: Organization, { caller, operation }: Call): void {
  const { accountId, arn } = caller;
  if (accountId === organization.managementAccountId) return;
  if (organization.delegatedAdministrators.has(accountId)) return;
  throw new ServiceError(
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: organizations:${operation}`,
  );
}

function describeAccount(organization: Organization, account: Account): Output {
  return {
    Id: account.id,
    Arn: accountArn(organization, account.id),
    Name: account.name,
    Email: `${account.name}@example.com`,
    State: account.state,
    Status: account.state === 'ACTIVE' ? 'ACTIVE' : 'SUSPENDED',
    JoinedMethod: 'CREATED',
    JoinedTimestamp: account.joinedAt / 1000,
    Paths: [`${pathOf(organization, account)}/`],
  };
}

/** From the organization down to the account's unit, by ids. */
function pathOf(organization: Organization, { parentId }: Account): string {
  const segments: string[] = [];
  for (let id = parentId; id !== organization.rootId;) {
    segments.unshift(id);
    id = organization.units.get(id)?.parentId ?? organization.rootId;
  }
  return [organization.id, organization.rootId, ...segments].join('/');
}

function accountArn({ id, managementAccountId }: Organization, account: string): string {
  return `arn:aws:organizations::${managementAccountId}:account/${id}/${account}`;
}
