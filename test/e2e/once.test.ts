import { once as nodeOnce } from 'node:events';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/files.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { run, startSimulate } from '../support/program.js';

const PREFIX = 'aws_config_org_conformance_pack';
const FLAGS = ['--aws.region=eu-west-1', '--refresh.requests-per-second=1000'];

describe('once', () => {
  it('prints what it read, without what would lie in a file, and ends well', async () => {
    const environment = await startSimulate(['--scenario=healthy']);
    const { code, stdout } = await run(['once', ...FLAGS], environment);
    expect(code).toBe(0);
    const metrics = parseExposition(stdout);
    expect(metrics.get(`${PREFIX}_status`)?.samples).toHaveLength(6 * 9);
    expect(metrics.get(`${PREFIX}_account_status`)?.samples).toHaveLength(6 * 40 * 9);
    const families = [...metrics.values()];
    expect(families.filter(({ name }) => /age_seconds$|^process_|^nodejs_/.test(name))).toEqual([]);
    expect(families.filter(({ type }) => type !== 'gauge')).toEqual([]);
    const samples = families.flatMap((family) => family.samples);
    const own = samples.filter(({ name }) => name.startsWith('aws_')).length;
    expect(metrics.get('conformance_pack_exporter_samples')?.samples[0]?.value).toBe(own);
  });

  it('reads a simulated AWS where that is asked for, whatever the environment leads to', async () => {
    const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const { code, stdout } = await run(['once', '--demo=delegated-admin'], environment);
    expect(code).toBe(0);
    const packs = valuesBy(parseExposition(stdout), 'conformance_pack_exporter_packs', 'source');
    expect(Object.keys(packs)).toEqual(['management', 'security-tooling']);
  });

  it('takes the Region from where the SDK finds it', async () => {
    const environment = await startSimulate();
    const { code, stdout } = await run(['once', '--refresh.requests-per-second=1000'], {
      ...environment,
      AWS_REGION: 'us-east-1',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('aws_region="us-east-1"');
  });

  it('prints what it could read, and does not end well, where something is denied', async () => {
    const environment = await startSimulate(['--scenario=access-denied']);
    const { code, stderr, stdout } = await run(['once', ...FLAGS], environment);
    expect(code).toBe(1);
    const metrics = parseExposition(stdout);
    expect(metrics.get(`${PREFIX}_status`)?.samples).toHaveLength(6 * 9);
    expect(metrics.has(`${PREFIX}_accounts`)).toBe(false);
    expect(valuesBy(metrics, 'conformance_pack_exporter_refresh_success', 'source')).toEqual({
      default: 0,
    });
    expect(stderr).toContain('config:GetOrganizationConformancePackDetailedStatus');
  });

  it('goes to AWS through the proxy that the environment names', async () => {
    const asked = new Set<string>();
    const proxy = createServer().listen(0, '127.0.0.1');
    proxy.on('connect', (request, socket) => {
      asked.add(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await nodeOnce(proxy, 'listening');
    onTestFinished(() => {
      proxy.close();
    });
    const { code } = await run(['once', ...FLAGS], {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    });
    expect(code).toBe(1);
    expect([...asked].sort()).toEqual([
      'config.eu-west-1.amazonaws.com:443',
      'organizations.us-east-1.amazonaws.com:443',
      'sts.eu-west-1.amazonaws.com:443',
    ]);
  });

  it('replaces a file as a whole, and leaves nothing else behind', async () => {
    const folder = await temporaryFolder();
    const environment = await startSimulate();
    const file = join(folder, 'packs.prom');
    for (let round = 0; round < 2; round++) {
      const { code, stdout } = await run(['once', ...FLAGS, `--output=${file}`], environment);
      expect([code, stdout]).toEqual([0, '']);
      expect(await readdir(folder)).toEqual(['packs.prom']);
    }
    expect(parseExposition(await readFile(file, 'utf8')).has(`${PREFIX}_status`)).toBe(true);
    expect((await stat(file)).mode & 0o444).toBe(0o444);
  });

  it('says why where the file cannot be written, before it asks AWS for anything', async () => {
    const folder = join(await temporaryFolder(), 'folder.prom');
    await mkdir(folder);
    const reasons = [
      ['/nonexistent/x.prom', 'ENOENT: no such file or directory'],
      [folder, 'EISDIR: illegal operation on a directory'],
    ] as const;
    for (const [file, reason] of reasons) {
      // Nobody answers there.
      const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'test' };
      const { code, stderr } = await run(['once', ...FLAGS, `--output=${file}`], environment);
      expect([code, stderr]).toEqual([1, `--output: cannot write ${file}: ${reason}\n`]);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['rollout', 'not-in-organization', 'expired-credentials'])(
    'writes no secret at any level, whatever happens: %s',
    async (scenario) => {
      const environment = await startSimulate([`--scenario=${scenario}`]);
      const { code, stderr, stdout } = await run(
        [
          'once',
          ...FLAGS,
          '--log.level=trace',
          '--aws.role-arn=arn:aws:iam::111122223333:role/reader',
          '--aws.external-id=planted-external-id',
        ],
        {
          ...environment,
          AWS_SECRET_ACCESS_KEY: 'planted-secret-key',
          AWS_SESSION_TOKEN: 'planted-session-token',
        },
      );
      expect(code).toBe(1);
      expect(stderr).toContain('"event":"read_failed"');
      expect(stdout + stderr).not.toMatch(/planted|simulated-(secret|token)/);
    },
  );
});
