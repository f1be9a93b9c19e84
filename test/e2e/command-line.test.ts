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
      expect(stdout).toMatch(new RegExp(`--(no-)?${name.replace('.', '\\.')}\\b`));
      expect(stdout).toContain(help);
    }
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
    ['a command that is none', ['sreve'], 'sreve: unknown command; did you mean serve?'],
    ['a flag without its value', ['--log.level'], 'argument missing'],
    ['a flag of another command', ['simulate', '--log.level=info'], '--log.level: unknown flag'],
    ['too many accounts', ['simulate', '--accounts=1000000'], '--accounts: "1000000" is too large'],
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
