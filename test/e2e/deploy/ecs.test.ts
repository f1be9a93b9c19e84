import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { environmentName, OPTION_ROWS } from '../../../src/config/options.js';
import { parseTemplate, resolveTemplate } from '../../support/cloudformation.js';
import { actionsOf, type PolicyDocument } from '../../support/policy.js';
import { run, type Environment } from '../../support/program.js';
import { fencesOf, textOf } from '../../support/repository.js';

const execute = promisify(execFile);

const template = parseTemplate(textOf('deploy/ecs/service.yaml'));

const PARAMETERS = {
  Image: 'example.com/conformance-pack-exporter:0.1.0',
  TaskRoleArn: 'arn:aws:iam::111122223333:role/conformance-pack-exporter-task',
  Cluster: 'example',
  VpcId: 'vpc-0a1b2c3d4e5f60718',
  SubnetIds: 'subnet-0a1b2c3d4e5f60718,subnet-1a1b2c3d4e5f60718',
  PrometheusSecurityGroupId: 'sg-0a1b2c3d4e5f60718',
};
const REGIONS = { Regions: 'eu-west-1,us-east-1' };
const CONFIGURATION = {
  ConfigurationSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:exporter-AbCdEf',
};

interface Container {
  readonly Name: string;
  readonly Essential: boolean;
  readonly User: string;
  readonly ReadonlyRootFilesystem: boolean;
  readonly LinuxParameters: { readonly Capabilities: { readonly Drop: readonly string[] } };
  readonly EntryPoint?: readonly string[];
  readonly Environment?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: string }[];
  readonly MountPoints: readonly { readonly ReadOnly?: boolean; readonly ContainerPath: string }[];
  readonly DependsOn?: readonly unknown[];
  readonly PortMappings?: readonly { readonly ContainerPort: number }[];
  readonly HealthCheck?: { readonly Command: readonly string[]; readonly Timeout: number };
  readonly StopTimeout?: number;
}

interface Properties {
  readonly Service: Readonly<Record<string, unknown>>;
  readonly TaskDefinition: {
    readonly ContainerDefinitions: readonly Container[];
    readonly Volumes: readonly unknown[];
    readonly TaskRoleArn: string;
    readonly ExecutionRoleArn: string;
  };
  readonly ExecutionRole: {
    readonly Policies: readonly { readonly PolicyDocument: PolicyDocument }[];
  };
  readonly SecurityGroup: Readonly<Record<string, unknown>>;
}

/** The properties of each resource of the stack. */
function stackOf(parameters: Readonly<Record<string, string>>): Properties {
  const { refusals, resources } = resolveTemplate(template, { ...PARAMETERS, ...parameters });
  expect(refusals).toEqual([]);
  const entries = Object.entries(resources).map(([name, { Properties: all }]) => [name, all]);
  return Object.fromEntries(entries) as Properties;
}

function containerOf({ TaskDefinition }: Properties, name = 'exporter'): Container {
  const container = TaskDefinition.ContainerDefinitions.find(({ Name }) => Name === name);
  if (container === undefined) throw new Error(`no container ${name}`);
  return container;
}

const environmentOf = ({ Environment = [] }: Container): Environment =>
  Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]));

const executionPolicyOf = ({ ExecutionRole }: Properties): PolicyDocument => {
  const [policy] = ExecutionRole.Policies;
  if (policy === undefined) throw new Error('no policy');
  return policy.PolicyDocument;
};

describe('the service', () => {
  it('never has two tasks', () => {
    expect(stackOf(REGIONS).Service).toMatchObject({
      LaunchType: 'FARGATE',
      DesiredCount: 1,
      DeploymentConfiguration: {
        MinimumHealthyPercent: 0,
        MaximumPercent: 100,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      AvailabilityZoneRebalancing: 'DISABLED',
      ServiceRegistries: [],
    });
  });

  it('has a name in DNS where there is a namespace', () => {
    const { Service } = stackOf({ ...REGIONS, NamespaceId: 'ns-0a1b2c3d4e5f6071' });
    expect(Service['ServiceRegistries']).toEqual([{ RegistryArn: '<Discovery.Arn>' }]);
  });

  it('lets in scrapes of Prometheus, and out what goes to AWS', () => {
    const { SecurityGroup } = stackOf(REGIONS);
    expect(SecurityGroup['SecurityGroupIngress']).toEqual([
      {
        Description: 'Scrapes',
        SourceSecurityGroupId: PARAMETERS.PrometheusSecurityGroupId,
        IpProtocol: 'tcp',
        FromPort: 10117,
        ToPort: 10117,
      },
    ]);
    const egress = SecurityGroup['SecurityGroupEgress'] as { FromPort: number; ToPort: number }[];
    expect(egress.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([
      [443, 443],
      [443, 443],
    ]);
  });

  it('reads something', () => {
    expect(resolveTemplate(template, PARAMETERS).refusals).toEqual([
      'Without ConfigurationSecretArn there have to be Regions.',
    ]);
  });
});

describe('what Fargate has', () => {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  const MEMORY: Readonly<Record<string, readonly string[]>> = {
    '256': ['512', '1024', '2048'],
    '512': ['1024', '2048'],
    '1024': ['2048'],
  };
  const { Cpu, CpuArchitecture, Memory } = template.Parameters;

  it('is a task of so much memory for so many CPU units, and the template refuses others', () => {
    expect(Cpu?.AllowedValues).toEqual(Object.keys(MEMORY));
    for (const [cpu, allowed] of Object.entries(MEMORY)) {
      const taken = (Memory?.AllowedValues ?? []).filter((memory) => {
        const parameters = { ...PARAMETERS, ...REGIONS, Cpu: cpu, Memory: String(memory) };
        return resolveTemplate(template, parameters).refusals.length === 0;
      });
      expect(taken, cpu).toEqual(allowed);
    }
  });

  it('is of an architecture that the page names, since the image has to be for it', () => {
    expect(CpuArchitecture?.Default).toBe('X86_64');
    const page = textOf('deploy/ecs/README.md');
    for (const name of CpuArchitecture?.AllowedValues ?? []) expect(page).toContain(`\`${name}\``);
    expect(page).toContain(`CpuArchitecture=${CpuArchitecture?.Default ?? ''}`);
  });
});

describe('the task', () => {
  it('has no rights on its machine', () => {
    const task = stackOf(REGIONS);
    const container = containerOf(task);
    expect(container.User).toMatch(/^[1-9]\d+:[1-9]\d+$/);
    expect(container.ReadonlyRootFilesystem).toBe(true);
    expect(container.LinuxParameters.Capabilities.Drop).toEqual(['ALL']);
    expect(task.TaskDefinition.ContainerDefinitions).toHaveLength(1);
    expect(task.TaskDefinition.Volumes).toEqual([]);
  });

  it('has the role that was given, and ECS another one', () => {
    const { TaskDefinition } = stackOf(REGIONS);
    expect(TaskDefinition.TaskRoleArn).toBe(PARAMETERS.TaskRoleArn);
    expect(TaskDefinition.ExecutionRoleArn).toBe('<ExecutionRole.Arn>');
  });

  it('sets options that there are, to values that they take', async () => {
    const parameters = { ...REGIONS, ReadAccounts: 'false' };
    const environment = environmentOf(containerOf(stackOf(parameters)));
    const known = OPTION_ROWS.map(([name]) => environmentName(name));
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    const { stderr, stdout } = await run(['--config.check'], environment);
    expect(stdout, stderr).toBe('The configuration is valid.\n');
  });

  it('sets nothing that the configuration file could say, but for what was asked for', () => {
    const optionsOf = (parameters: Readonly<Record<string, string>>) =>
      environmentOf(containerOf(stackOf(parameters)));
    const prefix = 'CONFORMANCE_PACK_EXPORTER';
    const file = { [`${prefix}_CONFIG_FILE`]: '/etc/conformance-pack-exporter/exporter.yaml' };
    expect(optionsOf(CONFIGURATION)).toEqual(file);
    expect(optionsOf({ ...CONFIGURATION, ReadAccounts: 'false' })).toEqual({
      ...file,
      [`${prefix}_COLLECTOR_ACCOUNTS`]: 'false',
    });
  });

  it('listens where the health check asks and the port is mapped', () => {
    const preset = OPTION_ROWS.find(([name]) => name === 'web.listen-address')?.[1].default;
    expect(preset).toBe(':10117');
    expect(containerOf(stackOf(REGIONS)).PortMappings).toEqual([
      { ContainerPort: 10117, Protocol: 'tcp' },
    ]);
    expect(textOf('deploy/container/healthcheck.mjs')).toContain('127.0.0.1:10117/-/healthy');
  });

  it('has the health check of the image', () => {
    const [, check = ''] = /^HEALTHCHECK [^]*?CMD (\[.+\])$/m.exec(textOf('Dockerfile')) ?? [];
    const { HealthCheck } = containerOf(stackOf(REGIONS));
    expect(HealthCheck?.Command).toEqual(['CMD', ...(JSON.parse(check) as string[])]);
  });

  it('has longer to stop than scrapes in flight have to end', () => {
    expect(containerOf(stackOf(REGIONS)).StopTimeout).toBeGreaterThan(10);
  });
});

describe('the configuration file', () => {
  const task = stackOf(CONFIGURATION);
  const writer = containerOf(task, 'configuration');

  it('is written by a container that ends before the exporter starts', () => {
    expect(writer).toMatchObject({
      Essential: false,
      ReadonlyRootFilesystem: true,
      Secrets: [{ Name: 'CONFIGURATION', ValueFrom: CONFIGURATION.ConfigurationSecretArn }],
    });
    expect(writer.LinuxParameters.Capabilities.Drop).toEqual(['ALL']);
    expect(containerOf(task).DependsOn).toEqual([
      { ContainerName: 'configuration', Condition: 'SUCCESS' },
    ]);
  });

  it('is where the exporter looks for it, and read-only there', () => {
    const { MountPoints } = containerOf(task);
    expect(MountPoints).toEqual([{ ...writer.MountPoints[0], ReadOnly: true }]);
    const file = environmentOf(containerOf(task))['CONFORMANCE_PACK_EXPORTER_CONFIG_FILE'];
    expect(file).toMatch(new RegExp(`^${writer.MountPoints[0]?.ContainerPath ?? ''}/`));
    expect(writer.EntryPoint?.at(-1)).toContain(`'${file ?? ''}'`);
  });

  it('is what the secret holds, and the exporter takes it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ecs-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const here = (text: string) => text.replace('/etc/conformance-pack-exporter', folder);
    const [page] = fencesOf(textOf('docs/aws.md')).filter(({ language }) => language === 'yaml');
    const [program, ...args] = writer.EntryPoint ?? [];
    expect(program).toBe('node');
    const env = { CONFIGURATION: page?.text ?? '' };
    await execute(process.execPath, args.map(here), { env });
    expect(await readFile(join(folder, 'exporter.yaml'), 'utf8')).toBe(page?.text);
    const environment = environmentOf(containerOf(task));
    const { stderr, stdout } = await run(
      ['--config.check'],
      Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, here(value)])),
    );
    expect(stdout, stderr).toBe('The configuration is valid.\n');
  });
});

describe('the execution role', () => {
  it('writes the log and nothing else, for an image that is public', () => {
    const policy = executionPolicyOf(stackOf(REGIONS));
    expect(actionsOf(policy)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  });

  it('pulls the image of one repository and reads one secret, where there are such', () => {
    const RepositoryArn = 'arn:aws:ecr:eu-west-1:111122223333:repository/exporter';
    const policy = executionPolicyOf(stackOf({ ...CONFIGURATION, RepositoryArn }));
    const resources = policy.Statement.map(({ Action, Resource }) => [Action, Resource]);
    expect(resources).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], '<LogGroup.Arn>'],
      [['ecr:GetAuthorizationToken'], '*'],
      [
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        RepositoryArn,
      ],
      [['secretsmanager:GetSecretValue'], CONFIGURATION.ConfigurationSecretArn],
    ]);
  });

  it('decrypts with the key of the secret, where it is not the one of AWS', () => {
    const ConfigurationKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-example';
    const before = executionPolicyOf(stackOf(CONFIGURATION));
    const policy = executionPolicyOf(stackOf({ ...CONFIGURATION, ConfigurationKeyArn }));
    const added = { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ConfigurationKeyArn };
    expect(policy.Statement).toEqual([
      ...before.Statement,
      { Sid: 'DecryptConfiguration', ...added },
    ]);
  });
});

describe('the scrape configuration', () => {
  it('finds the task that the page deploys, on its port', () => {
    const { scrape_configs: jobs } = parse(textOf('deploy/prometheus/scrape/ecs.yml')) as {
      scrape_configs: readonly { dns_sd_configs: readonly { names: string[]; port: number }[] }[];
    };
    const [found] = jobs.flatMap(({ dns_sd_configs: found }) => found);
    const [, stack = ''] = /--stack-name (\S+)/.exec(textOf('deploy/ecs/README.md')) ?? [];
    expect(found?.names).toEqual([`${stack}.example.internal`]);
    const ports = containerOf(stackOf(REGIONS)).PortMappings;
    expect(ports?.map(({ ContainerPort }) => ContainerPort)).toEqual([found?.port]);
    const { resources } = resolveTemplate(
      template,
      { ...PARAMETERS, ...REGIONS, NamespaceId: 'ns-0a1b2c3d4e5f6071' },
      { 'AWS::StackName': stack },
    );
    expect(resources['Discovery']).toMatchObject({ Properties: { Name: stack } });
  });
});
