import {
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { explained } from './explain.js';
import { parseListedAccount, required } from './parse.js';
import type { OrganizationsApi } from './port.js';

/** The port over the SDK's client. */
export function createOrganizationsApi(client: OrganizationsClient): OrganizationsApi {
  return {
    organizationId: (signal) =>
      explained('DescribeOrganization', signal, async (abortSignal) => {
        const output = await client.send(new DescribeOrganizationCommand({}), { abortSignal });
        return required('DescribeOrganization', 'Id', output.Organization?.Id);
      }),
    accounts: ({ limit, nextToken, signal }) =>
      explained('ListAccounts', signal, async (abortSignal) => {
        const page = {
          MaxResults: limit,
          ...(nextToken !== undefined && { NextToken: nextToken }),
        };
        const output = await client.send(new ListAccountsCommand(page), { abortSignal });
        return {
          items: (output.Accounts ?? []).map(parseListedAccount),
          nextToken: output.NextToken,
        };
      }),
    unitName: (unitId, signal) =>
      explained('DescribeOrganizationalUnit', signal, async (abortSignal) => {
        const command = new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: unitId });
        const { OrganizationalUnit } = await client.send(command, { abortSignal });
        return required('DescribeOrganizationalUnit', 'Name', OrganizationalUnit?.Name);
      }),
  };
}
