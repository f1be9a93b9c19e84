import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import {
  doesIdentityRequireRefresh,
  isIdentityExpired,
  memoizeIdentityProvider,
} from '@smithy/core';
import { DEFAULT_PROFILE, getProfileName, parseKnownFiles } from '@smithy/core/config';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { CredentialsError } from './credentials-error.js';
import type { SourceAccess, Transport } from './source.js';

/** How the exporter calls itself to AWS. */
export const APPLICATION = 'conformance-pack-exporter';

/** The credentials of a source, renewed before they expire. Rejects with a {@link CredentialsError}. */
export function createCredentials(
  access: SourceAccess,
  transport: Transport,
  client: { readonly region: string; readonly requestHandler: NodeHttpHandler },
): AwsCredentialIdentityProvider {
  const clientConfig = {
    ...client,
    ...(transport.endpoint !== undefined && { endpoint: transport.endpoint }),
  };
  const base =
    transport.credentials ??
    fromNodeProviderChain({
      clientConfig,
      ...(access.profile !== undefined && { profile: access.profile }),
    });
  const provider: AwsCredentialIdentityProvider =
    access.roleArn === undefined
      ? typeof base === 'function'
        ? base
        : () => Promise.resolve(base)
      : fromTemporaryCredentials({
          masterCredentials: base,
          clientConfig,
          params: {
            RoleArn: access.roleArn,
            RoleSessionName: APPLICATION,
            ...(access.externalId !== undefined && { ExternalId: access.externalId }),
          },
        });
  const memoized = memoizeIdentityProvider(provider, isIdentityExpired, doesIdentityRequireRefresh);
  return async (options) => {
    try {
      if (memoized === undefined) throw new Error('no credential provider');
      return await memoized(options);
    } catch (error) {
      throw new CredentialsError(error, { roleArn: access.roleArn, ...(await profileOf(access)) });
    }
  };
}

/** The profile that the SDK looked for, if it looked for one, and whether the files have it. */
async function profileOf({ profile }: SourceAccess) {
  const name = getProfileName(profile === undefined ? {} : { profile });
  if (name === DEFAULT_PROFILE) return { isProfileKnown: true };
  const profiles = await parseKnownFiles({ profile: name }).catch(() => undefined);
  return { profile: name, isProfileKnown: profiles === undefined || name in profiles };
}
