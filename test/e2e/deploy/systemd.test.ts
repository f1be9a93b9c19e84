import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { environmentName, OPTION_ROWS } from '../../../src/config/options.js';
import { EXIT } from '../../../src/commands/command.js';
import { certify } from '../../support/certificates.js';
import { temporaryFolder } from '../../support/files.js';
import { run } from '../../support/program.js';
import { fencesOf, pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const FOLDER = 'deploy/systemd';
const UNIT = 'conformance-pack-exporter.service';
const PROGRAM = '/opt/conformance-pack-exporter/bin/conformance-pack-exporter';
const DROP_INS = ['aws-credentials.conf', 'web-config.conf'];

/** Values of a directive, in their order. */
function valuesOf(file: string, directive: string): readonly string[] {
  return [...textOf(join(FOLDER, file)).matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(
    ([, value = '']) => value,
  );
}

/** Variables of an environment file or of the `Environment` of a unit. */
function variablesIn(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
}

const OPTION_NAMES = OPTION_ROWS.map(([name]) => environmentName(name));
const optionsAmong = (names: readonly string[]) =>
  names.filter((name) => name.startsWith('CONFORMANCE_PACK_EXPORTER_'));

describeWith('systemd-analyze')('systemd', () => {
  const analyze = async (...args: readonly string[]) => {
    const { stderr, stdout } = await execute('systemd-analyze', ['--no-pager', ...args]);
    return stdout + stderr;
  };

  /** The unit with its drop-ins in a folder, and the program where there is one. */
  const installed = async () => {
    const folder = await temporaryFolder();
    const unit = join(folder, UNIT);
    await writeFile(unit, textOf(join(FOLDER, UNIT)).replace(PROGRAM, pathOf('dist/main.js')));
    await mkdir(`${unit}.d`);
    for (const name of DROP_INS) {
      await copyFile(pathOf(join(FOLDER, name)), join(`${unit}.d`, name));
    }
    return unit;
  };

  it('finds nothing wrong with the unit and its drop-ins', async () => {
    expect(await analyze('verify', await installed())).toBe('');
  });

  it('would find what is wrong with a drop-in', async () => {
    const unit = await installed();
    await writeFile(join(`${unit}.d`, 'wrong.conf'), '[Service]\nLoadCredentials=a:/b\n');
    expect(await analyze('verify', unit)).toContain('LoadCredentials');
  });

  it('rates the exposure of the unit as its page says', async () => {
    const rated = await analyze('security', '--offline=true', '--threshold=25', await installed());
    const [, exposure] = /exposure level .*: (\d\.\d)/.exec(rated) ?? [];
    expect(textOf(join(FOLDER, 'README.md'))).toContain(`exposure ${exposure ?? '?'} of 10`);
  });
});

describe('the unit', () => {
  it('starts the program that npm installs, and reloads by the signal that it knows', () => {
    expect(valuesOf(UNIT, 'ExecStart')).toEqual([PROGRAM]);
    expect(valuesOf(UNIT, 'ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
  });

  it('is not started again after what only a person can mend', async () => {
    const { code } = await run(['--log.level=loud']);
    expect(code).toBe(EXIT.usage);
    expect(valuesOf(UNIT, 'RestartPreventExitStatus')).toEqual([String(code)]);
  });

  it('stops later than scrapes in flight have to end', () => {
    expect(Number(valuesOf(UNIT, 'TimeoutStopSec')[0])).toBeGreaterThan(10);
  });

  it('may take three times the memory that was measured', () => {
    const values = textOf('deploy/helm/conformance-pack-exporter/values.yaml').replaceAll(
      '\n#',
      '',
    );
    const measured = [...values.matchAll(/(\d+) MB for/g)].map(([, megabytes]) =>
      Number(megabytes),
    );
    expect(measured).toHaveLength(3);
    expect(valuesOf(UNIT, 'MemoryMax')).toEqual(['1G']);
    expect(2 ** 30 / 1e6).toBeGreaterThan(3 * Math.max(...measured));
  });

  it('sets options that there are, in its drop-ins too', () => {
    const set = [UNIT, ...DROP_INS].flatMap((file) => valuesOf(file, 'Environment'));
    const names = optionsAmong(Object.keys(variablesIn(set)));
    expect(names).toEqual([
      'CONFORMANCE_PACK_EXPORTER_STATE_FILE',
      'CONFORMANCE_PACK_EXPORTER_WEB_CONFIG_FILE',
    ]);
    expect(names.filter((name) => !OPTION_NAMES.includes(name))).toEqual([]);
  });

  it('has its page install each drop-in where systemd looks for it', () => {
    for (const name of DROP_INS) {
      const target = `/etc/systemd/system/${UNIT}.d/${name}`;
      expect(textOf(join(FOLDER, 'README.md'))).toContain(` ${FOLDER}/${name} ${target}\n`);
    }
  });

  it('finds each credential under the name that it was loaded by', () => {
    for (const file of DROP_INS) {
      const loaded = valuesOf(file, 'LoadCredential').map((value) => value.split(':')[0]);
      for (const value of valuesOf(file, 'Environment')) {
        expect(loaded).toContain(value.split('=%d/')[1]);
      }
    }
  });
});

describe('the environment file', () => {
  const lines = textOf(join(FOLDER, 'environment')).split('\n');
  const active = variablesIn(lines.filter((line) => /^[A-Z]/.test(line)));
  const all = variablesIn(
    lines.map((line) => line.replace(/^#/, '')).filter((line) => /^[A-Z_]+=/.test(line)),
  );

  it('is where its page installs it', () => {
    const [, file = ''] = /^-(.+)$/.exec(valuesOf(UNIT, 'EnvironmentFile').join()) ?? [];
    expect(textOf(join(FOLDER, 'README.md'))).toContain(` ${FOLDER}/environment ${file}\n`);
  });

  it('has options that there are', () => {
    const names = optionsAmong(Object.keys(all));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !OPTION_NAMES.includes(name))).toEqual([]);
  });

  it('is a configuration that is valid', async () => {
    expect(await run(['--config.check'], active)).toMatchObject({ code: EXIT.ok, stderr: '' });
  });

  it('names what cannot be given together with the sources of a configuration file', async () => {
    const file = join(await temporaryFolder(), 'exporter.yaml');
    const sources = fencesOf(textOf('docs/configuration.md')).find(({ text }) =>
      text.startsWith('sources:'),
    );
    await writeFile(file, sources?.text ?? '');
    const withFile = { ...all, CONFORMANCE_PACK_EXPORTER_CONFIG_FILE: file };
    const { stderr } = await run(['--config.check'], withFile);
    const refused = [...stderr.matchAll(/^ *(\S+): cannot be given together with sources/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(refused).toHaveLength(2);
    const [note = ''] =
      /^# A file that has `sources`[^]*?(?=^#?CONF)/m.exec(lines.join('\n')) ?? [];
    for (const name of refused) {
      expect(note).toContain(name.replace('CONFORMANCE_PACK_EXPORTER_', ''));
    }
    const left = Object.entries(withFile).filter(([name]) => !/_AWS_|PROXY|CA_CERTS/.test(name));
    const checked = await run(['--config.check'], Object.fromEntries(left));
    expect(checked).toMatchObject({ code: EXIT.ok, stderr: '' });
  });
});

describe('the web configuration of the page', () => {
  it('finds its files beside it, where credentials are', async () => {
    const credentials = await temporaryFolder();
    const { cert, key } = await certify();
    const web = 'tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n';
    const files: Record<string, string> = { 'web.yml': web, 'tls.crt': cert, 'tls.key': key };
    for (const value of valuesOf('web-config.conf', 'LoadCredential')) {
      const [name = ''] = value.split(':');
      await writeFile(join(credentials, name), files[name] ?? '');
      await chmod(join(credentials, name), 0o400);
    }
    const environment = variablesIn(
      valuesOf('web-config.conf', 'Environment').map((value) => value.replace('%d', credentials)),
    );
    const { stderr, stdout } = await run(['--config.check', '--aws.region=eu-west-1'], environment);
    expect(stdout, stderr).toBe('The configuration is valid.\n');
  });
});
