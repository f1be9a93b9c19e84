import * as configService from '@aws-sdk/client-config-service';
import * as organizationsService from '@aws-sdk/client-organizations';
import * as securityTokenService from '@aws-sdk/client-sts';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ASSUMED_ROLE, calledActions, type CalledAction } from '../../support/called-actions.js';
import { rolePolicies } from '../../support/role-template.js';
import { actionsOf, allows, mentions, type PolicyDocument } from '../../support/policy.js';
import { fencesOf, pathOf, textOf } from '../../support/repository.js';

/** What AWS checks on the way, though nobody calls it; docs/aws.md says why. */
const CHECKED_ON_THE_WAY = ['organizations:ListDelegatedAdministrators', 'sts:TagSession'];

/** What the texts name besides: what IAM roles for service accounts use, and what needs no permission. */
const OF_TRUST_POLICIES = ['sts:AssumeRoleWithWebIdentity', 'sts:GetCallerIdentity'];

/** Every action that AWS defines for the services that the exporter calls. */
const ALL_ACTIONS = [
  ...operationsOf('config', configService),
  ...operationsOf('organizations', organizationsService),
  ...operationsOf('sts', securityTokenService),
  'sts:TagSession',
];

function operationsOf(service: string, client: object): readonly string[] {
  return Object.keys(client)
    .filter((name) => name.endsWith('Command'))
    .map((name) => `${service}:${name.replace(/Command$/, '')}`);
}

/** The role's policies of the template, in the account that the calls are recorded for. */
const inDelegate = (parameters: Readonly<Record<string, string>> = {}) =>
  rolePolicies({ TrustedBy: 'ECS', ...parameters }, { 'AWS::AccountId': '444455556666' }).policy;

const EVERYTHING = {
  AssumeRoleArns: ASSUMED_ROLE,
  ClusterName: 'example',
  TrustedBy: 'PodIdentity',
};

function readmePolicy(): PolicyDocument {
  const policies = fencesOf(textOf('README.md')).filter(({ text }) => text.includes('"Statement"'));
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) throw new Error('not one policy');
  return JSON.parse(policy.text) as PolicyDocument;
}

const namesOf = (calls: readonly CalledAction[]) => [...new Set(calls.map(({ action }) => action))];

/** The actions of the services that the exporter calls, wherever a text names them. */
function actionsNamedIn(text: string): readonly string[] {
  const actions = text.matchAll(/\b(?:config|organizations|sts):(?!ExternalId)[A-Z]\w+/g);
  return [...new Set([...actions].map(([action]) => action))].sort();
}

const assumes = ({ action }: CalledAction) => action.startsWith('sts:');

describe('the actions that the exporter calls', () => {
  it('are those of the template and of nothing else', async () => {
    const called = namesOf(await calledActions());
    expect(actionsOf(inDelegate(EVERYTHING))).toEqual([...called, ...CHECKED_ON_THE_WAY].sort());
  });

  it('are those of the README, but for assuming a role', async () => {
    const called = namesOf(await calledActions());
    const expected = [...called, ...CHECKED_ON_THE_WAY].filter((name) => !name.startsWith('sts:'));
    expect(actionsOf(readmePolicy())).toEqual(expected.sort());
  });

  it('are those of the table in docs/aws.md', async () => {
    const called = namesOf(await calledActions());
    const rows = textOf('docs/aws.md').matchAll(/^\| `(\w+:\w+)`/gm);
    const documented = [...rows].map(([, action]) => action).sort();
    expect(documented).toEqual([...called, ...CHECKED_ON_THE_WAY].sort());
  });

  it('are fewer where no accounts are read, and so are those of the role', async () => {
    const called = namesOf(await calledActions({ 'collector.accounts': 'false' }));
    const role = inDelegate({ ...EVERYTHING, ReadAccounts: 'false' });
    expect(actionsOf(role)).toEqual([...called, ...CHECKED_ON_THE_WAY].sort());
    expect(called).not.toContain('organizations:ListAccounts');
  });

  it.each(['deploy/cloudformation/role.yaml', 'deploy/terraform/main.tf'])(
    'are those that %s names',
    async (file) => {
      const called = namesOf(await calledActions());
      const expected = [...called, ...CHECKED_ON_THE_WAY, 'sts:AssumeRoleWithWebIdentity'];
      expect(actionsNamedIn(textOf(file))).toEqual(expected.sort());
    },
  );

  it('are the only ones of their services that deploy/ and docs/aws.md name', async () => {
    const called = namesOf(await calledActions());
    const files = readdirSync(pathOf('deploy'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tf|hcl|yaml|yml|md|json)$/.test(name))
      .map((name) => `deploy/${name}`);
    expect(actionsNamedIn([...files, 'docs/aws.md'].map(textOf).join('\n'))).toEqual(
      [...called, ...CHECKED_ON_THE_WAY, ...OF_TRUST_POLICIES].sort(),
    );
  });
});

describe.each<[string, () => PolicyDocument, (call: CalledAction) => boolean]>([
  ['of a role that reads', () => inDelegate(), (call) => !assumes(call)],
  ['of a role that assumes', () => inDelegate({ ...EVERYTHING, ReadPacks: 'false' }), assumes],
  ['of the README', readmePolicy, (call) => !assumes(call)],
])('the policy %s', (_, policy, concerns) => {
  it('allows every call that was made, on what it was about', async () => {
    const calls = (await calledActions()).filter(concerns);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter(({ action, resource }) => !allows(policy(), action, resource))).toEqual([]);
  });

  it('allows no other action that AWS knows of', async () => {
    const calls = (await calledActions()).filter(concerns);
    const wanted = [...namesOf(calls), ...CHECKED_ON_THE_WAY];
    const allowed = ALL_ACTIONS.filter((action) => mentions(policy(), action));
    expect(allowed.length).toBeGreaterThan(0);
    expect(allowed.filter((action) => !wanted.includes(action))).toEqual([]);
  });

  it('has no statement that denies or turns around', () => {
    for (const statement of policy().Statement) {
      expect(Object.keys(statement)).toEqual(['Sid', 'Effect', 'Action', 'Resource']);
      expect(statement.Effect).toBe('Allow');
    }
  });
});

describe('a role that reads', () => {
  it('reads the packs of its own account only', () => {
    const readable = (account: string) =>
      allows(
        inDelegate(),
        'config:GetOrganizationConformancePackDetailedStatus',
        `arn:aws:config:eu-west-1:${account}:organization-conformance-pack/Base-abcdefgh`,
      );
    expect(readable('444455556666')).toBe(true);
    expect(readable('111122223333')).toBe(false);
  });

  it('proves no delegation in the management account', () => {
    const management = inDelegate({ DelegatedAdministrator: 'false' });
    expect(mentions(management, 'organizations:ListDelegatedAdministrators')).toBe(false);
  });

  it('assumes nothing unless it is told what', () => {
    expect(mentions(inDelegate(), 'sts:AssumeRole')).toBe(false);
  });
});

describe('the README', () => {
  it('has the statements of the template, for any partition and account', () => {
    const anywhere = { 'AWS::Partition': '*', 'AWS::AccountId': '*' };
    expect(readmePolicy()).toEqual(rolePolicies({ TrustedBy: 'ECS' }, anywhere).policy);
  });
});
