import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../support/policy.js';
import { run, type Environment } from '../../support/program.js';
import { pathOf, textOf } from '../../support/repository.js';
import { rolePolicies } from '../../support/role-template.js';
import { simulated } from '../../support/simulated.js';
import { describeTerraform } from '../../support/terraform.js';

const MODULE = 'deploy/terraform';
const OIDC_ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';

/** An AWS that knows who calls, which is all that a plan asks. */
async function anAccount(): Promise<Environment> {
  const simulator = await simulated();
  const { accessKeyId, secretAccessKey } = simulator.credentials('111122223333');
  return {
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** What each example needs to be told, and what it then makes. */
const EXAMPLES = {
  irsa: {
    variables: { oidc_provider_arn: `arn:aws:iam::111122223333:oidc-provider/${OIDC_ISSUER}` },
    makes: ['module.role.aws_iam_role.this', 'module.role.aws_iam_role_policy.this'],
  },
  'pod-identity': {
    variables: { cluster_arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/example' },
    makes: [
      'module.role.aws_eks_pod_identity_association.this[0]',
      'module.role.aws_iam_role.this',
      'module.role.aws_iam_role_policy.this',
    ],
  },
  ec2: {
    variables: {},
    makes: [
      'module.role.aws_iam_instance_profile.this[0]',
      'module.role.aws_iam_role.this',
      'module.role.aws_iam_role_policy.this',
    ],
  },
  ecs: {
    variables: {
      image: 'example.com/conformance-pack-exporter:0.1.0',
      regions: ['eu-west-1', 'us-east-1'],
      cluster: 'example',
      vpc_id: 'vpc-0a1b2c3d4e5f60718',
      subnet_ids: ['subnet-0a1b2c3d4e5f60718'],
      prometheus_security_group_id: 'sg-0a1b2c3d4e5f60718',
    },
    makes: [
      'aws_cloudformation_stack.exporter',
      'module.role.aws_iam_role.this',
      'module.role.aws_iam_role_policy.this',
    ],
  },
  organization: {
    variables: {
      management_account_id: '111122223333',
      delegate_account_id: '444455556666',
      cluster_arn: 'arn:aws:eks:eu-west-1:777788889999:cluster/example',
      external_id: 'an-external-id',
      regions: ['eu-west-1', 'us-east-1'],
    },
    makes: [
      'aws_organizations_delegated_administrator.config',
      'module.delegate.aws_iam_role.this',
      'module.delegate.aws_iam_role_policy.this',
      'module.exporter.aws_eks_pod_identity_association.this[0]',
      'module.exporter.aws_iam_role.this',
      'module.exporter.aws_iam_role_policy.this',
      'module.management.aws_iam_role.this',
      'module.management.aws_iam_role_policy.this',
    ],
  },
} as const;

/** The same role in the variables of the module and in the parameters of the template. */
const SAME_ROLE = {
  'for a service account by IRSA': [
    {
      irsa: {
        oidc_provider_arn: `arn:aws:iam::111122223333:oidc-provider/${OIDC_ISSUER}`,
        namespace: 'monitoring',
        service_account: 'exporter',
      },
    },
    { TrustedBy: 'IRSA', OidcIssuer: OIDC_ISSUER, ServiceAccount: 'exporter' },
  ],
  'for a service account by Pod Identity, which assumes others': [
    {
      read_packs: false,
      assume_role_arns: ['arn:aws:iam::444455556666:role/reader'],
      pod_identity: {
        cluster_arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/example',
        namespace: 'monitoring',
        service_account: 'exporter',
      },
    },
    {
      ReadPacks: 'false',
      AssumeRoleArns: 'arn:aws:iam::444455556666:role/reader',
      TrustedBy: 'PodIdentity',
      ClusterName: 'example',
      ServiceAccount: 'exporter',
    },
  ],
  'for tasks of ECS': [{ ecs: true }, { TrustedBy: 'ECS' }],
  'for an instance of the management account': [
    { ec2: true, delegated_administrator: false },
    { TrustedBy: 'EC2', DelegatedAdministrator: 'false' },
  ],
  'for other roles, without accounts': [
    {
      read_accounts: false,
      trusted_roles: {
        arns: ['arn:aws:iam::777788889999:role/exporter', 'arn:aws:iam::777788889999:role/other'],
        external_id: 'an-external-id',
        session_tags: true,
      },
    },
    {
      ReadAccounts: 'false',
      TrustedBy: 'Roles',
      TrustedRoleArns:
        'arn:aws:iam::777788889999:role/exporter,arn:aws:iam::777788889999:role/other',
      ExternalId: 'an-external-id',
      SessionTags: 'true',
    },
  ],
} as const;

/** All of these as modules of one configuration, whose outputs are the policies of the former. */
function everything(): unknown {
  const roles = Object.values(SAME_ROLE).map(
    ([variables], index) => [`role_${index}`, { source: '../terraform', ...variables }] as const,
  );
  const examples = Object.entries(EXAMPLES).map(
    ([name, { variables }]) =>
      [name, { source: `../terraform/examples/${name}`, ...variables }] as const,
  );
  const outputs = roles.map(([name]) => {
    const value = { policy: `\${module.${name}.policy}`, trust: `\${module.${name}.trust_policy}` };
    return [name, { value }] as const;
  });
  const file = ['config_file', { value: '${module.organization.config_file}' }] as const;
  return {
    module: Object.fromEntries<unknown>([...roles, ...examples]),
    output: Object.fromEntries<unknown>([...outputs, file]),
  };
}

describeTerraform('Terraform', (terraform) => {
  it('would write the files as they are written', async () => {
    await terraform.run('deploy', ['fmt', '-check', '-diff', '-recursive']);
  });

  it('finds the module valid', async () => {
    expect(await terraform.run(MODULE, ['validate'])).toContain('The configuration is valid');
  });

  it('makes the roles of the template, and what the examples say', async () => {
    const plan = await terraform.plan(everything(), await anAccount());
    const { outputs } = plan.planned_values;
    Object.entries(SAME_ROLE).forEach(([name, [, parameters]], index) => {
      const role = outputs[`role_${index}`]?.value as { policy: string; trust: string };
      const policy = JSON.parse(role.policy) as PolicyDocument;
      const trust = JSON.parse(role.trust) as PolicyDocument;
      expect({ policy, trust }, name).toEqual(rolePolicies(parameters));
    });
    const addresses = plan.resource_changes.map(({ address }) => address);
    for (const [name, { makes }] of Object.entries(EXAMPLES)) {
      const of = `module.${name}.`;
      const made = addresses.filter((address) => address.startsWith(of));
      expect(made.map((address) => address.slice(of.length)).sort(), name).toEqual(makes);
    }
    const file = join(terraform.folder('deploy'), 'exporter.yaml');
    writeFileSync(file, String(outputs['config_file']?.value));
    const { stderr, stdout } = await run(['--config.check', `--config.file=${file}`]);
    expect(stdout, stderr).toBe('The configuration is valid.\n');
  });
});

describe('the examples', () => {
  it('are all planned', () => {
    const folders = readdirSync(pathOf(`${MODULE}/examples`));
    expect(folders.sort()).toEqual(Object.keys(EXAMPLES).sort());
  });
});

describe('the page of the module', () => {
  /** Blocks of a kind, such as `variable`: name, and the text within. */
  const blocksOf = (file: string, kind: string) =>
    [
      ...textOf(`${MODULE}/${file}`).matchAll(new RegExp(`^${kind} "(\\w+)" {\n(.*?)^}`, 'gms')),
    ].map(([, name = '', body = '']) => ({
      name,
      default: /^ {2}default += (.+)$/m.exec(body)?.[1],
      description: /^ {2}description = "(.+)"$/m.exec(body)?.[1],
    }));
  /** Rows of the table below a heading, cell by cell. */
  const rowsBelow = (heading: string) =>
    (textOf(`${MODULE}/README.md`).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

  it('has every variable, with its default and what it is', () => {
    const rows = rowsBelow('Variables').map(([, name, , preset, what]) => [name, preset, what]);
    const variables = blocksOf('variables.tf', 'variable');
    expect(variables.length).toBeGreaterThan(10);
    expect(rows).toEqual(variables.map((each) => [each.name, each.default, each.description]));
  });

  it('has every output, with what it is', () => {
    const rows = rowsBelow('Outputs').map(([, name, what]) => [name, what]);
    const outputs = blocksOf('outputs.tf', 'output');
    expect(outputs.length).toBeGreaterThan(3);
    expect(rows).toEqual(outputs.map((each) => [each.name, each.description]));
  });
});
