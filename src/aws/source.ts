import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { ProxyAgent } from 'proxy-agent';
import { createConfigApi } from './config-api.js';
import { APPLICATION, createCredentials } from './credentials.js';
import { InvalidResponseError } from './errors.js';
import { explained } from './explain.js';
import { observeAttempts } from './observe.js';
import { createOrganizationsApi } from './organizations-api.js';
import { pace } from './pace.js';
import { createPacer } from './pacer.js';
import type { ConfigApi, IdentityApi, OrganizationsApi, RequestObserver } from './port.js';

/** Whose credentials a source uses. */
export interface SourceAccess {
  /** A profile of the AWS configuration files; without one the SDK's default chain decides. */
  readonly profile?: string | undefined;
  /** A role to assume with those credentials. */
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
}

/** How requests travel. */
export interface Transport {
  /** Connections of one client. */
  readonly maxSockets: number;
  readonly connectionTimeoutMs: number;
  /** From the request to the whole of its answer. */
  readonly requestTimeoutMs: number;
  /** Most requests of AWS Config a second, in each Region; fewer where AWS throttles. */
  readonly requestsPerSecond: number;
  /** The same for AWS Organizations. It throttles hard, and nobody waits for its answers. */
  readonly organizationsPerSecond: number;
  /** One endpoint for all services, instead of AWS's own. */
  readonly endpoint?: string | undefined;
  /** Credentials instead of those that the environment holds. */
  readonly credentials?: AwsCredentialIdentity | undefined;
}

export const DEFAULT_TRANSPORT = {
  connectionTimeoutMs: 5_000,
  requestTimeoutMs: 30_000,
  organizationsPerSecond: 4,
} as const;

/** One AWS identity. Each Region has a client of its own, and so a rate and a retry budget of its own. */
export interface AwsSource {
  configApi(region: string, observer: RequestObserver): ConfigApi;
  identityApi(region: string, observer: RequestObserver): IdentityApi;
  organizationsApi(region: string, observer: RequestObserver): OrganizationsApi;
  /** Closes all connections. */
  destroy(): void;
}

/** AWS Organizations throttles hard, and its answers are in no hurry. */
const ORGANIZATIONS_ATTEMPTS = 6;

export function createAwsSource(access: SourceAccess, transport: Transport): AwsSource {
  const handlers: NodeHttpHandler[] = [];
  const handler = () => {
    const created = createRequestHandler(transport);
    handlers.push(created);
    return created;
  };
  const defaults = (region: string) => ({
    region,
    requestHandler: handler(),
    userAgentAppId: APPLICATION,
    ...(transport.endpoint !== undefined && { endpoint: transport.endpoint }),
    ...(access.profile !== undefined && { profile: access.profile }),
  });
  // Shared by all Regions, so that a role is assumed once and not once a Region.
  let credentials: AwsCredentialIdentityProvider | undefined;
  const credentialsIn = (region: string) =>
    (credentials ??= createCredentials(access, transport, { region, requestHandler: handler() }));

  return {
    configApi(region, observer) {
      const client = new ConfigServiceClient({
        ...defaults(region),
        credentials: credentialsIn(region),
      });
      const { requestsPerSecond: perSecond } = transport;
      const pacer = createPacer({ perSecond, onRate: (rate) => observer.rate(rate) });
      client.middlewareStack.use(pace(pacer));
      client.middlewareStack.use(observeAttempts(observer));
      return createConfigApi(client, region);
    },
    identityApi(region, observer) {
      const client = new STSClient({ ...defaults(region), credentials: credentialsIn(region) });
      client.middlewareStack.use(observeAttempts(observer));
      return {
        callerIdentity: (signal) =>
          explained('GetCallerIdentity', signal, async (abortSignal) => {
            const command = new GetCallerIdentityCommand({});
            const { Account, Arn } = await client.send(command, { abortSignal });
            if (Account === undefined || Arn === undefined) {
              throw new InvalidResponseError('GetCallerIdentity', 'AWS sent no account');
            }
            return { accountId: Account, partition: Arn.split(':')[1] ?? '' };
          }),
      };
    },
    organizationsApi(region, observer) {
      const client = new OrganizationsClient({
        ...defaults(region),
        credentials: credentialsIn(region),
        maxAttempts: ORGANIZATIONS_ATTEMPTS,
      });
      client.middlewareStack.use(
        pace(createPacer({ perSecond: transport.organizationsPerSecond })),
      );
      client.middlewareStack.use(observeAttempts(observer));
      return createOrganizationsApi(client);
    },
    destroy() {
      for (const created of handlers) created.destroy();
    },
  };
}

/**
 * The Region that the SDK itself would take for a profile, or `undefined` where neither the
 * environment nor the configuration files name one.
 */
export async function defaultRegion(profile?: string): Promise<string | undefined> {
  const client = new ConfigServiceClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

function createRequestHandler(transport: Transport): NodeHttpHandler {
  const { connectionTimeoutMs, maxSockets, requestTimeoutMs } = transport;
  return new NodeHttpHandler({
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Without it the SDK only warns, and a server that never answers is waited for for ever.
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets },
    // Goes through the proxy that the environment names for an address, or straight to it.
    httpsAgent: new ProxyAgent({ keepAlive: true, maxSockets }),
  });
}
