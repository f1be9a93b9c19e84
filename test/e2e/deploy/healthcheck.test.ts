import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hash } from 'bcrypt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authority, certify } from '../../support/certificates.js';
import { temporaryFolder } from '../../support/files.js';
import { Daemon } from '../../support/program.js';
import { freePort } from '../../support/prometheus.js';
import { pathOf, textOf } from '../../support/repository.js';

const execute = promisify(execFile);

const ca = await authority('Some CA');
const { cert, key } = await certify({ by: ca });

const TLS = 'tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n';
const MUTUAL = `${TLS}  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n`;
const UNVERIFIED = `${TLS}  client_auth_type: RequireAnyClientCert\n`;
const USERS = `basic_auth_users:\n  prometheus: ${await hash('a password', 4)}\n`;

/** Resolves with the exit code of the health check of the image. */
async function check(url: string): Promise<number> {
  const script = pathOf('deploy/container/healthcheck.mjs');
  try {
    const { stderr, stdout } = await execute(process.execPath, [script, `${url}/-/healthy`]);
    expect(stdout + stderr).toBe('');
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
}

async function start(web: string): Promise<Daemon> {
  const folder = await temporaryFolder();
  const files = { 'ca.crt': ca.cert, 'tls.crt': cert, 'tls.key': key, 'web.yml': web };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return new Daemon([
    '--demo=outage',
    '--web.listen-address=127.0.0.1:0',
    `--web.config.file=${join(folder, 'web.yml')}`,
  ]);
}

describe('the health check of the image', () => {
  it.each([
    ['nothing', ''],
    ['a password', USERS],
    ['patience', 'rate_limit:\n  burst: 1\n  interval: 1h\n'],
    ['TLS', TLS],
    ['TLS and a password', TLS + USERS],
    ['a certificate', MUTUAL],
    ['a certificate in TLS 1.2', `${MUTUAL}  max_version: TLS12\n`],
    ['any certificate', UNVERIFIED],
  ])('finds life where the exporter asks for %s, whatever AWS does', async (_, web) => {
    const daemon = await start(web);
    // It knows only where to ask, and not by which protocol.
    const url = (await daemon.url()).replace('https:', 'http:');
    expect(await check(url)).toBe(0);
    expect(await check(url)).toBe(0);
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
    expect(await check(url)).toBe(1);
  });

  it('finds none where nobody listens, or another answers', async () => {
    expect(await check(`http://127.0.0.1:${await freePort()}`)).toBe(1);
    const other = createServer((_request, response) => response.writeHead(404).end());
    onTestFinished(() => void other.close());
    await once(other.listen(0, '127.0.0.1'), 'listening');
    expect(await check(`http://127.0.0.1:${(other.address() as AddressInfo).port}`)).toBe(1);
  });

  it('asks at the port of the image, unless it is told another', () => {
    expect(textOf('deploy/container/healthcheck.mjs')).toContain('127.0.0.1:10117/-/healthy');
    expect(textOf('Dockerfile')).toMatch(/^EXPOSE 10117$/m);
  });
});
