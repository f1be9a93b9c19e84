export const CHECK_ROUTE = 'check the name, the route and the proxy to the endpoint';
const RENEW =
  'renew the session, or give the exporter a role, whose credentials renew themselves as long as it runs';
const GIVE_CREDENTIALS =
  'give the exporter credentials: the role of its pod, task or machine, a profile, or keys in the environment';
const CLOCK = 'the clock of this machine is wrong; set it';

/** What is to be done about credentials that AWS does not take; `region` where only one is concerned. */
export function adviceOnCredentials(error: unknown, region?: string): string | undefined {
  if (error instanceof CredentialsError) return error.advice;
  const kind = kindOf(error);
  const message = messageOf(error);
  switch (kind) {
    // AWS takes no signature that was made more than some minutes before or after.
    case 'RequestTimeTooSkewed':
    case 'RequestExpired':
      return CLOCK;
    case 'SignatureDoesNotMatch':
    case 'InvalidSignature':
    case 'IncompleteSignature':
      return /signature (?:expired|not yet current)/i.test(message)
        ? CLOCK
        : 'the secret access key is not the one of the access key; check both';
    case 'ExpiredToken':
    case 'TokenRefreshRequired':
      return RENEW;
    case 'MissingAuthenticationToken':
      return GIVE_CREDENTIALS;
    case 'InvalidAccessKeyId':
    case 'InvalidClientTokenId':
    case 'NotSignedUp':
    case 'OptInRequired':
    case 'UnrecognizedClient':
      // So AWS answers as well where a Region that is not enabled by default is not enabled.
      return region === undefined
        ? 'AWS does not know the access key: it was deleted, or is of another partition; use another'
        : `enable the Region ${region} in the account, or take it out of the configuration; where other Regions fail as well AWS does not know the access key, so use another`;
    default:
      return undefined;
  }
}

/** Where credentials were looked for. */
export interface CredentialsSearch {
  /** The profile of the AWS configuration files, where one was asked for. */
  readonly profile?: string | undefined;
  readonly isProfileKnown: boolean;
  /** The role that was to be assumed. */
  readonly roleArn?: string | undefined;
}

/** Credentials could not be had at all: a wrong profile, a denied role, a metadata service gone. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly advice: string | undefined;

  constructor(cause: unknown, search: CredentialsSearch) {
    const { isProfileKnown, profile } = search;
    super(
      profile !== undefined && !isProfileKnown
        ? `there is no profile "${profile}" in the AWS configuration files`
        : messageOf(cause),
      { cause },
    );
    this.advice = onSearch(cause, search);
  }
}

const DENIED_ACTION = /not authorized to perform: (sts:\w+)(?: on resource: (arn:\S+))?/i;

function onSearch(error: unknown, search: CredentialsSearch): string | undefined {
  const { isProfileKnown, profile, roleArn } = search;
  const message = messageOf(error);
  if (profile !== undefined && !isProfileKnown) {
    return 'write it into them, or name one that is there; aws configure list-profiles tells which';
  }
  if (kindOf(error) === 'AccessDenied') {
    const [, action = 'sts:AssumeRole', named] = DENIED_ACTION.exec(message) ?? [];
    const role = named ?? roleArn ?? 'the role that the environment names';
    return action === 'sts:AssumeRoleWithWebIdentity'
      ? `have the trust policy of ${role} trust the identity provider and the service account that the token is of`
      : `allow the caller ${action} on ${role}, and have the trust policy of the role trust it, with the external id if it demands one`;
  }
  if (/aws sso login/i.test(message)) {
    return `sign in again: aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`;
  }
  if (/\bexpired\b/i.test(message)) return RENEW;
  if (isNetwork(error)) return `${CHECK_ROUTE} of AWS STS`;
  const known = adviceOnCredentials(error);
  if (known !== undefined) return known;
  if (kindOf(error) !== 'CredentialsProviderError') return undefined;
  return profile === undefined
    ? GIVE_CREDENTIALS
    : `give the profile "${profile}" credentials: keys, a role, or a sign-in`;
}

function isNetwork(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^E[A-Z_]+$/.test(code);
}

/** Names have the suffix `Exception` in one protocol and none in the other. */
function kindOf(error: unknown): string {
  return error instanceof Error ? error.name.replace(/Exception$/, '') : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
