import { describe, expect, it } from 'vitest';
import { adviceOn, type Circumstances } from '../../../src/aws/advice.js';
import { CredentialsError, type CredentialsSearch } from '../../../src/aws/credentials-error.js';

const failure = (name: string, message = 'why', more: object = {}) =>
  Object.assign(new Error(message), { name }, more);

const LISTING: Circumstances = {
  operation: 'DescribeOrganizationConformancePackStatuses',
  region: 'eu-south-2',
  isLate: false,
};
const IDENTITY: Circumstances = { operation: 'GetCallerIdentity', isLate: false };
const ACTION = 'config:DescribeOrganizationConformancePackStatuses';

describe('advice on a denial', () => {
  const USER = 'User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: x';
  const adviceFor = (context: string, operation = LISTING.operation) =>
    adviceOn('access_denied', failure('AccessDeniedException', `${USER} ${context}`), {
      ...LISTING,
      operation,
    });

  it.each([
    ['', `allow the IAM action ${ACTION}`],
    [
      `because no identity-based policy allows the ${ACTION} action`,
      `allow the IAM action ${ACTION}`,
    ],
    [
      'with an explicit deny in an identity-based policy',
      `a policy denies the IAM action ${ACTION}; take that out, since no other policy helps against it`,
    ],
    ...[
      'with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o/p',
      `because no service control policy allows the ${ACTION} action`,
    ].map((context) => [
      context,
      `a service control policy forbids the IAM action ${ACTION}, and no policy of the role helps against that; have it make an exception`,
    ]),
    [
      'because no permissions boundary allows it',
      `a permissions boundary forbids the IAM action ${ACTION}, and no policy of the role helps against that; have it make an exception`,
    ],
  ])('goes by the policy that AWS names: %s', (context, advice) => {
    expect(adviceFor(context)).toBe(advice);
  });

  it('tells how to do without where that can be done', () => {
    expect(adviceFor('', 'ListAccounts')).toBe(
      'allow the IAM action organizations:ListAccounts, or do without by --no-collector.accounts',
    );
  });

  it('names what a delegated administrator needs besides', () => {
    const error = failure('OrganizationAccessDeniedException');
    expect(adviceOn('organization_access_denied', error, LISTING)).toMatch(
      /register the account .+ organizations:ListDelegatedAdministrators/,
    );
  });
});

describe('advice on credentials', () => {
  it.each([
    ['ExpiredTokenException', 'x', /^renew the session/],
    ['ExpiredToken', 'x', /^renew the session/],
    ['MissingAuthenticationToken', 'x', /^give the exporter credentials/],
    ['SignatureDoesNotMatch', 'x', /^the secret access key is not/],
    ['InvalidSignatureException', 'Signature expired: 1 is now earlier than 2', /clock/],
    ['RequestTimeTooSkewed', 'x', /clock/],
  ])('%s: %s', (name, message, advice) => {
    for (const circumstances of [LISTING, IDENTITY]) {
      expect(adviceOn('credentials', failure(name, message), circumstances)).toMatch(advice);
    }
  });

  it.each(['UnrecognizedClientException', 'OptInRequired', 'InvalidClientTokenId'])(
    '%s may be a Region that has to be enabled, where a Region was asked',
    (name) => {
      expect(adviceOn('credentials', failure(name), LISTING)).toMatch(
        /^enable the Region eu-south-2 in the account/,
      );
      expect(adviceOn('credentials', failure(name), IDENTITY)).toMatch(/does not know the access/);
    },
  );

  it.each<[string, Error, Partial<CredentialsSearch>, RegExp]>([
    ['nothing', failure('CredentialsProviderError'), {}, /^give the exporter credentials/],
    [
      'a profile without any',
      failure('CredentialsProviderError'),
      { profile: 'half' },
      /^give the profile "half" credentials/,
    ],
    [
      'a profile that is not there',
      failure('CredentialsProviderError'),
      { profile: 'nope', isProfileKnown: false },
      /^write it into them/,
    ],
    [
      'a sign-in that is over',
      failure('CredentialsProviderError', "To refresh this SSO session run 'aws sso login'"),
      { profile: 'sso' },
      /^sign in again: aws sso login --profile sso$/,
    ],
    [
      'a role that may not be assumed',
      failure(
        'AccessDenied',
        'User: arn:aws:iam::111122223333:user/u is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/r',
      ),
      { roleArn: 'arn:aws:iam::444455556666:role/r' },
      /^allow the caller sts:AssumeRole on arn:aws:iam::444455556666:role\/r, and have the trust/,
    ],
    [
      'a service account that is not trusted',
      failure('AccessDenied', 'Not authorized to perform: sts:AssumeRoleWithWebIdentity'),
      {},
      /^have the trust policy of the role that the environment names trust the identity provider/,
    ],
    ['keys that have expired', failure('ExpiredToken'), { roleArn: 'arn' }, /^renew the session/],
    ['a key that is gone', failure('InvalidClientTokenId'), {}, /does not know the access key/],
    [
      'a way that is barred',
      failure('Error', 'no', { code: 'ECONNREFUSED' }),
      {},
      /proxy to the endpoint of AWS STS$/,
    ],
  ])('where there are none: %s', (_, cause, search, advice) => {
    const error = new CredentialsError(cause, { isProfileKnown: true, ...search });
    expect(adviceOn('credentials', error, LISTING)).toMatch(advice);
  });

  it('names the profile that is not there', () => {
    const search = { profile: 'nope', isProfileKnown: false };
    expect(new CredentialsError(failure('CredentialsProviderError'), search).message).toBe(
      'there is no profile "nope" in the AWS configuration files',
    );
  });
});

describe('advice on a timeout', () => {
  it('speaks of the deadline over a refresh only where that has passed', () => {
    const error = failure('TimeoutError');
    expect(adviceOn('timeout', error, LISTING)).not.toContain('--refresh.timeout');
    expect(adviceOn('timeout', error, { ...LISTING, isLate: true })).toContain('--refresh.timeout');
  });
});
