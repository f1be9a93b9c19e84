import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OPTION_ROWS } from '../../src/config/options.js';
import { SCENARIO_NAMES } from '../../src/simulator/scenarios.js';
import { temporaryFolder } from '../support/files.js';
import { run } from '../support/program.js';

const REGION = ['--aws.region=eu-west-1'];
/** Where nobody takes a connection. */
const UNREACHABLE = {
  AWS_ENDPOINT_URL: 'https://127.0.0.1:9',
  AWS_ACCESS_KEY_ID: 'some-id',
  AWS_SECRET_ACCESS_KEY: 'some-secret',
};
/** What Node.js warns of at the first connection. */
const INSECURE = { ...UNREACHABLE, NODE_TLS_REJECT_UNAUTHORIZED: '0' };

describe('the command line', () => {
  it('knows its version', async () => {
    const description = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(description) as { version: string };
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      stdout: `conformance-pack-exporter ${version}\n`,
    });
  });

  it('tells every flag', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const [name, { help }] of OPTION_ROWS) {
      const [flag] = new RegExp(`--(no-)?${name.replace('.', '\\.')}\\b`).exec(stdout) ?? [];
      expect(flag).toBeDefined();
      // The help of what can only be switched off says what is not done then.
      const negated = `Do not ${help.charAt(0).toLowerCase()}${help.slice(1)}`;
      expect(stdout).toContain(flag?.startsWith('--no-') ? negated : help);
    }
  });

  it('begins the help of a command with its own flags, and leaves out what does nothing for it', async () => {
    const groups = async (command: string) => {
      const { stdout } = await run([command, '--help']);
      return [...stdout.matchAll(/^(?:--(\w+)\.\*|(Options)):$/gm)].map(
        ([, section, own]) => section ?? own,
      );
    };
    expect(await groups('doctor')).toEqual(['Options', 'config', 'aws', 'refresh', 'collector']);
    expect(await groups('account')).not.toContain('shard');
    expect(await groups('plan')).not.toContain('log');
    const { stdout } = await run(['once', '--help']);
    expect(stdout.indexOf('--output')).toBeLessThan(stdout.indexOf('--config.file'));
    expect(stdout).not.toMatch(/--(?:web|state|refresh\.interval)/);
  });

  it.each([
    [['help', 'once'], 'Usage: conformance-pack-exporter once '],
    [['help'], 'Usage: conformance-pack-exporter [options] [command]'],
  ])('helps whoever writes %s', async (args, usage) => {
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    expect(stdout).toContain(usage);
  });

  it('tells every scenario', async () => {
    const { code, stdout } = await run(['simulate', '--help']);
    expect(code).toBe(0);
    for (const name of SCENARIO_NAMES) expect(stdout).toContain(name);
  });

  it('reports everything that is wrong at once, and ends with 2', async () => {
    const { code, stderr, stdout } = await run(
      [
        '--log.level=loud',
        '--web.listen-addres=:1',
        '--aws.region',
        'Ireland',
        '--demo=earthquake',
      ],
      { CONFORMANCE_PACK_EXPORTER_REFRESH_INTERVAL: '5' },
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `The configuration has 5 problems:
  --web.listen-addres: unknown flag; did you mean --web.listen-address?
  --demo: "earthquake" is none of ${SCENARIO_NAMES.join(', ')}
  --log.level: "loud" is none of trace, debug, info, warn, error, fatal, silent
  --aws.region: "Ireland" is not a Region; write for example eu-west-1
  CONFORMANCE_PACK_EXPORTER_REFRESH_INTERVAL: "5" is not a duration; write for example 30s, 5m or 1h30m
`,
    );
  });

  it.each([
    [
      'a command that is none',
      ['sreve'],
      'The command line has a problem:\n  sreve: unknown command; did you mean serve?\n',
    ],
    [
      'a flag without its value',
      ['--aws.region'],
      'The command line has a problem:\n  --aws.region: needs a value: <region>\n',
    ],
    [
      'a switch with a value',
      ['--collector.accounts=false'],
      '--collector.accounts: is a switch and has no value; write --no-collector.accounts\n',
    ],
    [
      'the opposite of a switch with a value',
      ['--no-web.health-without-auth=false'],
      '--no-web.health-without-auth: is a switch and has no value; write --web.health-without-auth\n',
    ],
    ['a switch of a command with a value', ['doctor', '--json=true'], 'write --json\n'],
    ['two things for one', ['account', '175153754039', 'x'], '  x: is one too many\n'],
    [
      'a file that the textfile collector does not read',
      ['once', '--demo', '--output=packs.txt'],
      '--output: "packs.txt" is not a file that node_exporter\'s textfile collector reads; write for example packs.prom',
    ],
    ['a scenario that is none', ['plan', '--demo=earthquake'], '--demo: "earthquake" is none of'],
    ['a flag of another command', ['simulate', '--log.level=info'], '--log.level: unknown flag'],
    ['too many accounts', ['simulate', '--accounts=1000000'], '--accounts: "1000000" is too large'],
    [
      'a seed that would be another',
      ['simulate', '--seed=4294967296'],
      '--seed: "4294967296" is too',
    ],
    ['no Region anywhere', ['once'], '--aws.region: no Region to read'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('tells what Node.js warns of in a line', async () => {
    const { stderr } = await run(['doctor', ...REGION], INSECURE);
    expect(stderr).toMatch(/^Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED .*\n$/);
  });

  it('keeps what Node.js warns of within the log', async () => {
    const { stderr } = await run(['once', ...REGION, '--refresh.timeout=1s'], INSECURE);
    const lines = stderr.trimEnd().split('\n');
    const log = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(log).toContainEqual({
      level: 'warn',
      time: expect.any(String) as unknown,
      event: 'node_warning',
      name: 'Warning',
      warning: expect.stringMatching(/^Setting the NODE_TLS_REJECT_UNAUTHORIZED /) as unknown,
      msg: 'Node.js warns',
    });
  });

  it.each<[string, readonly string[], '>&' | '2>&']>([
    ['help', ['doctor', '--help'], '>&'],
    ['an answer', ['doctor', ...REGION], '>&'],
    ['metrics', ['once', ...REGION, '--refresh.timeout=1s'], '>&'],
    ['a log', ['once', ...REGION, '--refresh.timeout=1s'], '2>&'],
  ])('ends like any other program where nobody reads %s', async (_, args, redirect) => {
    const pipe = join(await temporaryFolder(), 'pipe');
    // Opened for both at first, since to open one end of a pipe is to wait for the other.
    const unread = `mkfifo ${pipe} && exec 3<>${pipe} 4>${pipe} 3<&- && exec "$@" ${redirect}4 4>&-`;
    const { code, stderr } = await run(args, UNREACHABLE, unread);
    expect(code).toBe(128 + constants.signals.SIGPIPE);
    expect(stderr).not.toContain('EPIPE');
  });

  it.each([[['doctor', '--help']], [['once', ...REGION, '--refresh.timeout=1s']]])(
    'says so where it cannot write what it was asked for: %s',
    async (args) => {
      const { code, stderr } = await run(args, UNREACHABLE, 'exec "$@" > /dev/full');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Cannot write the output: .*no space left on device.*\n$/m);
      expect(stderr).not.toContain('    at ');
    },
  );

  it('takes the options of the daemon for every command', async () => {
    const { code } = await run([
      'doctor',
      '--demo=healthy',
      '--web.listen-address=:1',
      '--shard.total=2',
    ]);
    expect(code).toBe(0);
  });

  it('checks a configuration without running it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'exporter.yaml');
    const check = () => run(['--config.check', `--config.file=${file}`]);
    await writeFile(file, 'aws:\n  region: eu-west-1\n');
    expect(await check()).toMatchObject({ code: 0, stdout: 'The configuration is valid.\n' });
    await writeFile(file, 'aws:\n  regions: eu-west-1\nsources: 5\n');
    const { code, stderr } = await check();
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:2:3 aws.regions: unknown key; did you mean aws.region?`);
    expect(stderr).toContain(`${file}:3:10 sources:`);
  });
});
