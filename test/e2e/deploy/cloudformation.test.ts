import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseTemplate } from '../../support/cloudformation.js';
import { startMoto, type Moto } from '../../support/moto.js';
import { rolePolicies, roleStack } from '../../support/role-template.js';
import { pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const ROLE = 'deploy/cloudformation/role.yaml';
const TEMPLATES = [ROLE, 'deploy/ecs/service.yaml'];
const READER = 'arn:aws:iam::444455556666:role/conformance-pack-reader';
const EXPORTER = 'arn:aws:iam::777788889999:role/conformance-pack-exporter';

/** Parameters that go together, one set for each way to run the exporter. */
const VARIANTS = {
  IRSA: { OidcIssuer: 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' },
  PodIdentity: { ClusterName: 'example' },
  ECS: {},
  EC2: {},
  Roles: { TrustedRoleArns: EXPORTER, ExternalId: 'an-external-id' },
} as const;

type Variant = keyof typeof VARIANTS;
const VARIANT_NAMES = Object.keys(VARIANTS) as Variant[];

type Parameters = Readonly<Record<string, string>>;

const variant = (name: Variant, more: Parameters = {}): Parameters => ({
  TrustedBy: name,
  ...VARIANTS[name],
  ...more,
});

const trustOf = (name: Variant, more: Parameters = {}) =>
  rolePolicies(variant(name, more)).trust.Statement;

describe('the role of the template', () => {
  it('trusts one service account of one issuer, for AWS STS', () => {
    const issuer = VARIANTS.IRSA.OidcIssuer;
    expect(trustOf('IRSA', { Namespace: 'ops', ServiceAccount: 'exporter' })).toEqual([
      {
        Sid: 'Irsa',
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: {
          StringEquals: {
            [`${issuer}:sub`]: 'system:serviceaccount:ops:exporter',
            [`${issuer}:aud`]: 'sts.amazonaws.com',
          },
        },
      },
    ]);
  });

  it('trusts the pods of one service account of one cluster', () => {
    expect(trustOf('PodIdentity')).toEqual([
      {
        Sid: 'PodIdentity',
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': 'arn:aws:eks:eu-west-1:111122223333:cluster/example',
            'aws:RequestTag/kubernetes-namespace': 'monitoring',
            'aws:RequestTag/kubernetes-service-account': 'conformance-pack-exporter',
          },
        },
      },
    ]);
  });

  it('trusts tasks of its own account', () => {
    expect(trustOf('ECS')).toMatchObject([
      {
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:*:111122223333:*' },
        },
      },
    ]);
  });

  it('trusts roles by their names and an external id', () => {
    expect(trustOf('Roles')).toEqual([
      {
        Sid: 'TrustedRoles',
        Effect: 'Allow',
        Principal: { AWS: [EXPORTER] },
        Action: ['sts:AssumeRole'],
        Condition: { StringEquals: { 'sts:ExternalId': 'an-external-id' } },
      },
    ]);
    expect(trustOf('Roles', { SessionTags: 'true' })[1]).toEqual({
      Sid: 'TrustedTags',
      Effect: 'Allow',
      Principal: { AWS: [EXPORTER] },
      Action: ['sts:TagSession'],
    });
  });

  it('names the partition that it is made in', () => {
    for (const name of VARIANT_NAMES) {
      const parameters = variant(name, { TrustedRoleArns: '', ExternalId: '' });
      const text = JSON.stringify(rolePolicies(parameters, { 'AWS::Partition': 'aws-us-gov' }));
      expect(text).toContain('arn:aws-us-gov:');
      expect(text).not.toContain('arn:aws:');
    }
  });

  it.each([
    ['PodIdentity', 'PodIdentityAssociation'],
    ['EC2', 'InstanceProfile'],
    ['ECS', undefined],
  ] as const)('trusted by %s comes with %s', (name, other) => {
    const { resources } = roleStack(variant(name));
    expect(Object.keys(resources)).toEqual(other === undefined ? ['Role'] : ['Role', other]);
  });

  it.each(VARIANT_NAMES)('can be trusted by %s', (name) => {
    expect(roleStack(variant(name)).refusals).toEqual([]);
  });

  it.each([
    [{ TrustedBy: 'IRSA' }, ['IRSA needs OidcIssuer.']],
    [{ TrustedBy: 'PodIdentity' }, ['PodIdentity needs ClusterName.']],
    [{ TrustedBy: 'Roles' }, ['Roles needs TrustedRoleArns.', 'Roles needs ExternalId.']],
    [
      { TrustedBy: 'ECS', ReadPacks: 'false' },
      ['A role that reads no packs needs AssumeRoleArns.'],
    ],
  ])('refuses %j', (parameters, refusals) => {
    expect(roleStack(parameters).refusals).toEqual(refusals);
  });

  it('takes no pattern for the name of a role, an account or a service account', () => {
    const { Parameters } = parseTemplate(textOf(ROLE));
    const matches = (name: string, value: string) =>
      new RegExp(`^(?:${Parameters[name]?.AllowedPattern ?? ''})$`).test(value);
    expect(matches('AssumeRoleArns', READER)).toBe(true);
    expect(matches('AssumeRoleArns', `${READER},${EXPORTER}`)).toBe(true);
    expect(matches('AssumeRoleArns', `${READER},*`)).toBe(false);
    expect(matches('AssumeRoleArns', 'arn:aws:iam::444455556666:role/*')).toBe(false);
    expect(matches('TrustedRoleArns', EXPORTER)).toBe(true);
    expect(matches('TrustedRoleArns', 'arn:aws:iam::777788889999:root')).toBe(false);
    expect(matches('TrustedRoleArns', '*')).toBe(false);
    expect(matches('Namespace', 'monitoring')).toBe(true);
    expect(matches('Namespace', '*')).toBe(false);
    expect(matches('ServiceAccount', 'a","x":"b')).toBe(false);
    expect(matches('OidcIssuer', VARIANTS.IRSA.OidcIssuer)).toBe(true);
    expect(matches('OidcIssuer', `https://${VARIANTS.IRSA.OidcIssuer}`)).toBe(false);
    expect(matches('ExternalId', 'an-external-id')).toBe(true);
    expect(matches('ExternalId', 'x')).toBe(false);
  });
});

describeWith('cfn-lint')('cfn-lint', () => {
  it('has nothing to say about the templates', async () => {
    const files = TEMPLATES.map(pathOf);
    const { stdout } = await execute('cfn-lint', ['--non-zero-exit-code=informational', ...files]);
    expect(stdout.trim()).toBe('');
  });
});

describeWith('cfn-guard')('the read-only rules of CloudFormation Guard', () => {
  const validate = (file: string) =>
    execute('cfn-guard', [
      'validate',
      '--rules',
      pathOf('deploy/cloudformation/read-only.guard'),
      '--data',
      file,
      '--show-summary',
      'all',
    ]);

  it('find nothing wrong with the template, and look at it', async () => {
    const { stdout } = await validate(pathOf(ROLE));
    expect([...stdout.matchAll(/(\w+) +PASS$/gm)].map(([, rule]) => rule).sort()).toEqual([
      'allows_reading_only',
      'makes_nothing_but_a_role',
      'takes_no_policies_of_others',
      'trusts_nobody_at_large',
    ]);
  });

  it.each([
    [
      'an action that writes',
      'DescribeOrganizationConformancePacks',
      'PutOrganizationConformancePack',
      'allows_reading_only',
    ],
    ['all actions', 'config:DescribeOrganizationConformancePacks', "'*'", 'allows_reading_only'],
    [
      'a pattern of actions',
      'config:DescribeOrganizationConformancePacks',
      'config:Describe*',
      'allows_reading_only',
    ],
    ['an action turned around', 'Action: [', 'NotAction: [', 'allows_reading_only'],
    [
      'a role of any name',
      "Resource: !Split [',', !Ref AssumeRoleArns]",
      "Resource: '*'",
      'allows_reading_only',
    ],
    [
      'a denial',
      'Effect: Allow\n                  Action:',
      'Effect: Deny\n                  Action:',
      'allows_reading_only',
    ],
    [
      'trust in everybody',
      "Principal: { AWS: !Split [',', !Ref TrustedRoleArns] }",
      "Principal: '*'",
      'trusts_nobody_at_large',
    ],
    [
      'trust in every account',
      "Principal: { AWS: !Split [',', !Ref TrustedRoleArns] }",
      "Principal: { AWS: '*' }",
      'trusts_nobody_at_large',
    ],
    [
      'a managed policy',
      'RoleName: !Ref RoleName',
      "ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']",
      'takes_no_policies_of_others',
    ],
    [
      'a user',
      'Type: AWS::IAM::InstanceProfile',
      'Type: AWS::IAM::User',
      'makes_nothing_but_a_role',
    ],
  ])('find %s', async (_, from, to, rule) => {
    const folder = await mkdtemp(join(tmpdir(), 'guard-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'role.yaml');
    const text = textOf(ROLE);
    expect(text).toContain(from);
    // The last of them, so that a later statement is looked at as much as the first.
    const at = text.lastIndexOf(from);
    await writeFile(file, text.slice(0, at) + to + text.slice(at + from.length));
    const { stdout } = (await validate(file).catch((error: unknown) => error)) as {
      stdout: string;
    };
    expect([...stdout.matchAll(/(\w+) +FAIL$/gm)].map(([, name]) => name)).toEqual([rule]);
  });
});

/** An independent second opinion on the grammar of policies: moto was written by others. */
describeWith('aws', 'moto_server')('IAM of moto', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  const iam = (...words: readonly string[]) =>
    execute('aws', ['iam', ...words], { env: moto.environment });

  it.each(VARIANT_NAMES)('takes the policies of a role that trusts %s', async (name) => {
    const { policy, trust } = rolePolicies(
      variant(name, { AssumeRoleArns: READER, SessionTags: 'true' }),
    );
    const role = ['--role-name', name];
    const trusted = ['--assume-role-policy-document', JSON.stringify(trust)];
    await iam('create-role', ...role, ...trusted);
    const allowed = ['--policy-name', name, '--policy-document', JSON.stringify(policy)];
    await iam('put-role-policy', ...role, ...allowed);
  });

  it('takes no policy that is wrong', async () => {
    const { policy } = rolePolicies(variant('ECS'));
    const wrong = JSON.stringify(policy).replace('arn:aws:config', 'arn:nowhere:config');
    await expect(
      iam('create-policy', '--policy-name', 'wrong', '--policy-document', wrong),
    ).rejects.toThrow('MalformedPolicyDocument');
  });
});

describe('every template', () => {
  it.each(TEMPLATES)('%s names no partition and no account', (file) => {
    const text = textOf(file).replace(/AllowedPattern: .+/g, '');
    expect(text).not.toMatch(/arn:aws:/);
    expect(text).not.toMatch(/\b\d{12}\b/);
  });
});
