import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTemplate, resolveTemplate } from '../../support/cloudformation.js';
import { startMoto, type Moto } from '../../support/moto.js';
import { run, startSimulate } from '../../support/program.js';
import { fencesOf, pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const PAGES = [
  'docs/aws.md',
  'docs/container.md',
  'docs/kubernetes.md',
  'deploy/cloudformation/README.md',
  'deploy/compose/README.md',
  'deploy/ecs/README.md',
  'deploy/helm/conformance-pack-exporter/README.md',
  'deploy/systemd/README.md',
  'deploy/terraform/README.md',
];

const COMMANDS = PAGES.flatMap((page) =>
  fencesOf(textOf(page))
    .filter(({ language }) => language === 'sh')
    .map((fence) => ({ page, ...fence, lines: linesOf(fence.text) })),
);

/** Commands as lists of words, the continued lines joined. */
function linesOf(text: string): readonly (readonly string[])[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

/** The commands of a program on all pages, each by its first words and with all of them. */
function commandsOf(program: string, fences = COMMANDS) {
  return fences
    .flatMap(({ lines }) => lines)
    .filter(([name]) => name === program)
    .map(([, ...words]) => [words.slice(0, 4).join(' '), words] as const);
}

/** Those that a test runs. */
const TO_RUN = COMMANDS.filter(({ notRun }) => notRun === undefined);

/** The programs whose commands a test runs, and where. */
const RUN: Readonly<Record<string, string>> = {
  aws: 'below',
  'cfn-guard': 'below',
  'conformance-pack-exporter': 'below',
  helm: 'in kubernetes-pages.test.ts',
  install: 'in systemd.test.ts',
  kubectl: 'in kubernetes-pages.test.ts',
  npm: 'in systemd.test.ts',
  terraform: 'in terraform.test.ts',
};

describe('every command of the pages', () => {
  it('is run by a test, or says why it is not', () => {
    expect(COMMANDS.length).toBeGreaterThan(8);
    for (const { lines, notRun, page } of COMMANDS) {
      for (const [program = ''] of lines) {
        expect(notRun ?? RUN[program], `${page}: ${program}`).toBeDefined();
      }
    }
  });
});

describe('what the pages deploy', () => {
  const deployed = commandsOf('aws').filter(([text]) => text.startsWith('cloudformation deploy'));

  it.each(deployed)('goes with its template: %s', (_, words) => {
    const option = (name: string) => words[words.indexOf(name) + 1] ?? '';
    const overrides = words
      .slice(words.indexOf('--parameter-overrides') + 1)
      .map((word) => word.split(/=(.*)/s).slice(0, 2) as [string, string]);
    expect(overrides.length).toBeGreaterThan(0);
    const template = parseTemplate(textOf(option('--template-file')));
    for (const [name, value] of overrides) {
      const { AllowedPattern = '.*', AllowedValues, Type } = template.Parameters[name] ?? {};
      expect(Type, name).toBeDefined();
      expect(value).toMatch(new RegExp(`^(?:${AllowedPattern})$`));
      if (AllowedValues !== undefined) expect(AllowedValues).toContain(value);
    }
    expect(resolveTemplate(template, Object.fromEntries(overrides)).refusals).toEqual([]);
  });
});

describeWith('aws', 'moto_server')('the AWS CLI', () => {
  let moto: Moto;
  let member: string;

  const aws = async (words: readonly string[]) => {
    const options = { cwd: pathOf('.'), env: moto.environment };
    return (await execute('aws', words, options)).stdout;
  };

  beforeAll(async () => {
    moto = await startMoto();
    await aws(['organizations', 'create-organization']);
    const created = await aws(
      'organizations create-account --account-name security --email security@example.com'.split(
        ' ',
      ),
    );
    member = (JSON.parse(created) as { CreateAccountStatus: { AccountId: string } })
      .CreateAccountStatus.AccountId;
  });
  afterAll(() => moto.stop());

  it.each(commandsOf('aws', TO_RUN))('runs %s', async (_, words) => {
    const stdout = await aws(words.map((word) => (word === '444455556666' ? member : word)));
    if (words[1] === 'list-delegated-administrators') expect(stdout).toContain(member);
    else if (words[1] === 'deploy') expect(stdout).toContain('Successfully created/updated stack');
    else expect(stdout).toBe('');
  });
});

describeWith('cfn-guard')('CloudFormation Guard', () => {
  it.each(commandsOf('cfn-guard', TO_RUN))('runs %s', async (_, words) => {
    const { stdout } = await execute('cfn-guard', words, { cwd: pathOf('.') });
    expect(stdout).not.toContain('FAIL');
  });
});

describe('the exporter', () => {
  it.each(commandsOf('conformance-pack-exporter', TO_RUN))('runs %s', async (_, words) => {
    const environment = await startSimulate(['--scenario=healthy']);
    const { code, stderr, stdout } = await run(words, environment);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('✓ accounts of a pack');
  });
});
