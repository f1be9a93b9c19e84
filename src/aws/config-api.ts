import {
  DescribeOrganizationConformancePacksCommand,
  DescribeOrganizationConformancePackStatusesCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  type ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import { explained as explainedIn } from './explain.js';
import { parseAccount, parsePack, parsePackStatus } from './parse.js';
import type { ConfigApi, Operation, PageRequest } from './port.js';

/** The port over the SDK's client of a Region. */
export function createConfigApi(client: ConfigServiceClient, region: string): ConfigApi {
  const explained = <T>(
    operation: Operation,
    signal: AbortSignal,
    call: (abortSignal: AbortSignal) => Promise<T>,
  ) => explainedIn(operation, signal, call, region);
  return {
    packStatuses: ({ signal, ...page }) =>
      explained('DescribeOrganizationConformancePackStatuses', signal, async (abortSignal) => {
        const command = new DescribeOrganizationConformancePackStatusesCommand(pageInput(page));
        const output = await client.send(command, { abortSignal });
        return {
          items: (output.OrganizationConformancePackStatuses ?? []).map(parsePackStatus),
          nextToken: output.NextToken,
        };
      }),
    packs: ({ signal, ...page }) =>
      explained('DescribeOrganizationConformancePacks', signal, async (abortSignal) => {
        const command = new DescribeOrganizationConformancePacksCommand(pageInput(page));
        const output = await client.send(command, { abortSignal });
        return {
          items: (output.OrganizationConformancePacks ?? []).map(parsePack),
          nextToken: output.NextToken,
        };
      }),
    packAccounts: (pack, { signal, ...page }) =>
      explained('GetOrganizationConformancePackDetailedStatus', signal, async (abortSignal) => {
        const command = new GetOrganizationConformancePackDetailedStatusCommand({
          OrganizationConformancePackName: pack,
          ...pageInput(page),
        });
        const output = await client.send(command, { abortSignal });
        return {
          items: (output.OrganizationConformancePackDetailedStatuses ?? []).map(parseAccount),
          nextToken: output.NextToken,
        };
      }),
    packAccount: (pack, accountId, signal) =>
      explained('GetOrganizationConformancePackDetailedStatus', signal, async (abortSignal) => {
        const command = new GetOrganizationConformancePackDetailedStatusCommand({
          OrganizationConformancePackName: pack,
          Filters: { AccountId: accountId },
        });
        const output = await client.send(command, { abortSignal });
        return (output.OrganizationConformancePackDetailedStatuses ?? []).map(parseAccount);
      }),
  };
}

/** Made anew for each request: the SDK changes the inputs it is given. */
function pageInput({ limit, nextToken }: Omit<PageRequest, 'signal'>) {
  return nextToken === undefined ? { Limit: limit } : { Limit: limit, NextToken: nextToken };
}
