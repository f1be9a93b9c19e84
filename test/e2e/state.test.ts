import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readStateFile } from '../../src/refresh/state-file.js';
import { temporaryFolder } from '../support/files.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { Daemon, run, startSimulate, type Environment } from '../support/program.js';

const PREFIX = 'aws_config_org_conformance_pack';
const FLAGS = [
  '--web.listen-address=127.0.0.1:0',
  '--aws.region=eu-west-1',
  '--log.level=debug',
  '--refresh.requests-per-second=1000',
];

async function scrape(daemon: Daemon) {
  const response = await fetch(`${await daemon.url()}/metrics`);
  return parseExposition(await response.text());
}

/** AWS is not there any more. */
const gone = (environment: Environment) => ({
  ...environment,
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
});

describe('a daemon with a state file', () => {
  it('that was killed serves what it knew, of its true age, though AWS is gone', async () => {
    const file = `--state.file=${join(await temporaryFolder(), 'state')}`;
    const environment = await startSimulate(['--step=0']);
    const first = new Daemon([...FLAGS, file], environment);
    await first.logged('units_read');
    await first.logged('refreshed');
    const before = await scrape(first);
    const writes = first.log.filter(({ event }) => event === 'state_written').length;
    await first.logged('state_written', writes + 1);
    first.signal('SIGKILL');
    await first.exit;

    const second = new Daemon([...FLAGS, file], gone(environment));
    await second.url();
    const [restored] = await second.logged('state_restored');
    expect(restored).toMatchObject({ scopes: 1 });
    const after = await scrape(second);
    const lasting = [...before.keys()].filter(
      (name) => name.startsWith('aws_') && !name.endsWith('_age_seconds'),
    );
    expect(lasting.length).toBeGreaterThan(15);
    for (const name of lasting) {
      expect(after.get(name)?.samples, name).toEqual(before.get(name)?.samples);
    }
    const lastSuccess = 'conformance_pack_exporter_refresh_last_success_timestamp_seconds';
    expect(valuesBy(after, lastSuccess)).toEqual(valuesBy(before, lastSuccess));
    const url = await second.url();
    await second.logged('refreshed');
    // It was tried, and there is data, if not new.
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    second.signal('SIGTERM');
    expect(await second.exit).toBe(0);
  });

  it('makes the true transitions only, across the restart', async () => {
    const file = `--state.file=${join(await temporaryFolder(), 'state')}`;
    const environment = await startSimulate(['--scenario=flapping', '--step=0']);
    const first = new Daemon([...FLAGS, file], environment);
    await first.logged('refreshed');
    first.signal('SIGTERM');
    expect(await first.exit).toBe(0);
    const second = new Daemon([...FLAGS, file], environment);
    await second.logged('refreshed');
    expect(second.log.filter(({ event }) => event === 'account_transition')).toEqual([]);
    const counter = `${PREFIX}_account_status_transitions_total`;
    const counts = Object.values(
      valuesBy(await scrape(second), counter, 'conformance_pack', 'status'),
    );
    expect(counts).toHaveLength(6 * 9);
    expect(new Set(counts)).toEqual(new Set([0]));
  });

  it('begins with nothing where the file is damaged, and says so', async () => {
    const path = join(await temporaryFolder(), 'state');
    const environment = await startSimulate();
    const first = new Daemon([...FLAGS, `--state.file=${path}`], environment);
    await first.logged('state_written');
    first.signal('SIGTERM');
    await first.exit;
    await truncate(path, 200);
    const second = new Daemon([...FLAGS, `--state.file=${path}`], gone(environment));
    const [ignored] = await second.logged('state_ignored');
    expect(ignored).toMatchObject({ level: 'warn', file: path });
    expect((await scrape(second)).has(`${PREFIX}_status`)).toBe(false);
  });
});

describe('a state file that cannot be written', () => {
  it('costs nothing but the restart: it is said, and shown', async () => {
    const file = `--state.file=${join(await temporaryFolder(), 'missing', 'state')}`;
    const daemon = new Daemon([...FLAGS, file], await startSimulate());
    await daemon.logged('refreshed');
    const [failed] = await daemon.logged('state_failed');
    expect(failed).toMatchObject({
      level: 'warn',
      reason: expect.stringContaining('no such file or directory') as string,
    });
    expect(failed).not.toHaveProperty('err');
    const metrics = await scrape(daemon);
    expect(metrics.has(`${PREFIX}_status`)).toBe(true);
    const successful = 'conformance_pack_exporter_state_last_write_successful';
    expect(valuesBy(metrics, successful)).toEqual({ '': 0 });
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
    expect(await daemon.logged('state_failed')).toHaveLength(1);
  });

  it('is left alone where it is no file: reading a pipe would have no end', async () => {
    const path = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const daemon = new Daemon([...FLAGS, `--state.file=${path}`], await startSimulate());
    const [ignored] = await daemon.logged('state_ignored');
    expect(ignored).toMatchObject({ reason: 'is not a regular file' });
    await daemon.url();
    await daemon.logged('refreshed');
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
    expect((await stat(path)).isFIFO()).toBe(true);
  });

  it('is a warning of --config.check', async () => {
    const folder = await temporaryFolder();
    const check = (path: string) => run(['--config.check', ...FLAGS, `--state.file=${path}`]);
    const valid = { code: 0, stdout: 'The configuration is valid.\n' };
    expect(await check(join(folder, 'state'))).toEqual({ ...valid, stderr: '' });
    expect(await check(folder)).toEqual({
      ...valid,
      stderr: `Warning: --state.file: ${folder}: is not a regular file\n`,
    });
  });
});

describe('a writer that is killed', () => {
  it('leaves the old file or the new one', async () => {
    const path = join(await temporaryFolder(), 'state');
    const script = fileURLToPath(new URL('../support/state-writer.ts', import.meta.url));
    let last = -1;
    for (let kill = 0; kill < 5; kill++) {
      const writer = fork(script, [path], { execArgv: ['--import', 'tsx'] });
      // In the midst of the next one, since it does not wait.
      for (let written = 0; written <= kill; written++) {
        [last] = (await once(writer, 'message')) as [number];
      }
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const state = await readStateFile(path);
      const [pack] = state?.scopes[0]?.snapshot?.packs ?? [];
      expect(Number(pack?.name.replace('Round-', ''))).toBeGreaterThanOrEqual(last);
      expect(pack?.detail?.accounts.rows).toBe(5_000);
    }
  });
});
