import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { hash } from 'bcrypt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authority, certify } from '../support/certificates.js';
import { ask } from '../support/https.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { Daemon, run } from '../support/program.js';
import { Prometheus } from '../support/prometheus.js';
import { describeWith } from '../support/servers.js';

const SELF = 'conformance_pack_exporter';
const PASSWORD = 'wonderland';
// As htpasswd writes it.
const HASH = (await hash(PASSWORD, 10)).replace('$2b$', '$2y$');

const ca = await authority('Some CA');
const first = await certify({ name: 'first', by: ca, notAfter: new Date('2031-01-02T03:04:05Z') });
const second = await certify({
  name: 'second',
  by: ca,
  notAfter: new Date('2032-01-02T03:04:05Z'),
});
const client = await certify({ name: 'prometheus', by: ca });

const TLS = 'tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n';
const MUTUAL = `${TLS}  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n`;
const USERS = `basic_auth_users:\n  alice: ${HASH}\n`;

/** A folder with a web configuration, and everything that it and its clients need. */
async function folderWith(web: string) {
  const folder = await mkdtemp(join(tmpdir(), 'web-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [name, content] of Object.entries(files)) {
      await writeFile(at('temporary'), content);
      await rename(at('temporary'), at(name));
    }
  };
  await write({ 'ca.crt': ca.cert, 'tls.crt': first.cert, 'tls.key': first.key });
  await write({ 'client.crt': client.cert, 'client.key': client.key, password: PASSWORD });
  await write({ 'web.yml': web });
  return { at, write };
}

async function start(web: string, ...args: readonly string[]) {
  const { at, write } = await folderWith(web);
  const daemon = new Daemon([
    '--demo',
    '--refresh.interval=1h',
    '--web.listen-address=127.0.0.1:0',
    `--web.config.file=${at('web.yml')}`,
    ...args,
  ]);
  const url = await daemon.url();
  await daemon.logged('web_config_loaded');
  const metrics = async () =>
    parseExposition((await ask(`${url}/metrics`, { ca: ca.cert, auth: `alice:${PASSWORD}` })).body);
  return { at, daemon, metrics, url, write };
}

describe('a web configuration file that is wrong', () => {
  it('ends the program with 2 and everything that is wrong, with the rest of the configuration', async () => {
    const { at } = await folderWith(`${TLS}  min_version: TLS10\nusers: {}\n`);
    const file = `--web.config.file=${at('web.yml')}`;
    for (const args of [[file], [file, '--config.check']]) {
      const { code, stderr, stdout } = await run(['--log.level=loud', ...args]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toBe(`The configuration has 3 problems:
  --log.level: "loud" is none of trace, debug, info, warn, error, fatal, silent
  ${at('web.yml')}:5:1 users: unknown key
  ${at('web.yml')}:4:16 tls_server_config.min_version: "TLS10" is not supported: RFC 8996 has deprecated it; the oldest is TLS12
`);
    }
  });

  it('does not hinder a command that serves nothing', async () => {
    const { code, stderr } = await run(['once', '--web.config.file=/nonexistent']);
    expect(code).toBe(2);
    expect(stderr).not.toContain('/nonexistent');
  });

  it('is checked, and right, without being served', async () => {
    const { at } = await folderWith(MUTUAL + USERS);
    expect(
      await run(['--config.check', '--aws.region=eu-west-1', `--web.config.file=${at('web.yml')}`]),
    ).toMatchObject({ code: 0, stdout: 'The configuration is valid.\n' });
  });
});

describe('a daemon with a web configuration', () => {
  it('serves a swapped certificate without a restart, and drops no connection', async () => {
    const anotherAddress = '--web.listen-address=127.0.0.1:0';
    const { daemon, metrics, url, write } = await start(TLS + USERS, anotherAddress);
    const notAfter = async () =>
      valuesBy(await metrics(), `${SELF}_tls_certificate_not_after_timestamp_seconds`)[''];
    expect(url).toMatch(/^https:/);
    expect(await notAfter()).toBe(Date.parse('2031-01-02T03:04:05Z') / 1000);
    const { hostname, port } = new URL(url);
    const open = connect({ port: Number(port), host: hostname, ca: ca.cert });
    open.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n');
    await once(open, 'secureConnect');
    await write({ 'tls.crt': second.cert, 'tls.key': second.key });
    const [, loaded] = await daemon.logged('web_config_loaded', 2);
    expect(loaded).toMatchObject({ certificateNotAfter: '2032-01-02T03:04:05.000Z', users: 1 });
    open.write(
      `Authorization: Basic ${Buffer.from(`alice:${PASSWORD}`).toString('base64')}\r\n\r\n`,
    );
    expect(await text(open)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    const [started] = await daemon.logged('started');
    const urls = started?.['urls'] as string[];
    const answers = await Promise.all(urls.map((each) => ask(each, { ca: ca.cert })));
    expect(answers.map(({ server }) => server)).toEqual(['second', 'second']);
    expect(await notAfter()).toBe(Date.parse('2032-01-02T03:04:05Z') / 1000);
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
  });

  it('keeps what it has where the file becomes wrong, says so, and takes it once it is mended', async () => {
    const { at, daemon, metrics, url, write } = await start(TLS + USERS);
    const successful = async () =>
      valuesBy(await metrics(), `${SELF}_web_config_last_reload_successful`);
    const status = async (auth?: string) =>
      (await ask(`${url}/metrics`, { ca: ca.cert, ...(auth && { auth }) })).status;
    await write({ 'web.yml': TLS });
    await daemon.logged('web_config_loaded', 2);
    expect(await status()).toBe(200);
    await write({ 'web.yml': `${TLS}basic_auth_users:\n  bob: secret\n` });
    const [refused] = await daemon.logged('web_config_refused');
    expect(refused?.['problems']).toEqual([
      `${at('web.yml')}:5:8 basic_auth_users.bob: the value is not a bcrypt hash; make one with htpasswd -nBC 10 "", or with Node.js as docs/web-configuration.md shows`,
    ]);
    expect(await status()).toBe(200);
    expect(await successful()).toEqual({ '': 0 });
    await write({ 'web.yml': TLS + USERS });
    await daemon.logged('web_config_loaded', 3);
    expect([await status(), await status(`alice:${PASSWORD}`)]).toEqual([401, 200]);
    expect(await successful()).toEqual({ '': 1 });
    // No password and no hash, neither right nor wrong, has reached the log.
    const log = JSON.stringify(daemon.log);
    expect([HASH, PASSWORD, 'secret'].filter((text) => log.includes(text))).toEqual([]);
  });

  it('reads it with the rest of the configuration where it is asked to', async () => {
    const { at, daemon, url, write } = await start(TLS);
    const reload = async () => {
      const { body, status } = await ask(`${url}/-/reload`, { ca: ca.cert, method: 'POST' });
      return [status, body];
    };
    await write({ 'web.yml': `${TLS}http_server_config: {headers: {X-Frame-Options: deny}}\n` });
    expect(await reload()).toEqual([200, 'Reloaded.\n']);
    expect(await reload()).toEqual([200, 'Read, and nothing is to be changed.\n']);
    await write({ 'web.yml': 'users: {}\n' });
    expect(await reload()).toEqual([
      500,
      `The configuration of before is kept.\n${at('web.yml')}:1:1 users: unknown key\n`,
    ]);
    await write({ 'web.yml': USERS });
    expect(await reload()).toEqual([
      500,
      `The configuration of before is kept.\n${at('web.yml')}: turns TLS off, which needs a restart\n`,
    ]);
    expect((await daemon.logged('reload_failed', 2)).length).toBe(2);
  });
});

describeWith('curl')('curl', () => {
  /** Its exit code, and the status of the answer. */
  const curl = async (...args: readonly string[]) => {
    const all = [
      '--silent',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code}',
      '--max-time',
      '20',
    ];
    try {
      const { stdout } = await promisify(execFile)('curl', [...all, ...args]);
      return [0, stdout];
    } catch (error) {
      return [(error as { code?: number }).code, '000'];
    }
  };

  it('needs user and password, and not for health where that is allowed', async () => {
    const { at, url } = await start(TLS + USERS, '--web.health-without-auth');
    const trusting = ['--cacert', at('ca.crt')];
    expect(await curl(...trusting, `${url}/metrics`)).toEqual([0, '401']);
    expect(await curl(...trusting, '--user', 'alice:guess', `${url}/metrics`)).toEqual([0, '401']);
    expect(await curl(...trusting, '--user', `alice:${PASSWORD}`, `${url}/metrics`)).toEqual([
      0,
      '200',
    ]);
    expect(await curl(...trusting, `${url}/-/healthy`)).toEqual([0, '200']);
    // It does not trust the certificate, and the server refuses HTTP without TLS.
    expect(await curl(`${url}/-/healthy`)).toEqual([60, '000']);
    expect((await curl(url.replace('https', 'http')))[1]).toBe('400');
  });

  it('is refused without a certificate where clients need one', async () => {
    const { at, url } = await start(MUTUAL);
    const trusting = ['--cacert', at('ca.crt')];
    const [code, status] = await curl(...trusting, `${url}/-/healthy`);
    expect([code === 0, status]).toEqual([false, '000']);
    const own = ['--cert', at('client.crt'), '--key', at('client.key')];
    expect(await curl(...trusting, ...own, `${url}/-/healthy`)).toEqual([0, '200']);
  });
});

describeWith('prometheus')('a real Prometheus', () => {
  const up = (value: number) => `up{job="exporter"} == ${value}`;

  it('scrapes over TLS with user and password, and goes on with a swapped certificate', async () => {
    const { at, daemon, url, write } = await start(TLS + USERS);
    const tls = { scheme: 'https', tls_config: { ca_file: at('ca.crt') } };
    const user = { basic_auth: { username: 'alice', password_file: at('password') } };
    const prometheus = await Prometheus.scraping(url, { more: { ...tls, ...user } });
    expect(await prometheus.queryUntilFound(up(1))).toHaveLength(1);
    const notAfter = `${SELF}_tls_certificate_not_after_timestamp_seconds`;
    const until = (year: number) =>
      prometheus.queryUntilFound(`${notAfter} == ${Date.UTC(year, 0, 2, 3, 4, 5) / 1000}`);
    expect(await until(2031)).toHaveLength(1);
    await write({ 'tls.crt': second.cert, 'tls.key': second.key });
    await daemon.logged('web_config_loaded', 2);
    expect(await until(2032)).toHaveLength(1);

    const stranger = await Prometheus.scraping(url, { more: tls });
    expect(await stranger.queryUntilFound(up(0))).toHaveLength(1);
    expect(await stranger.lastError()).toContain('401 Unauthorized');
  });

  it('scrapes with a certificate of its own, and not without', async () => {
    const { at, url } = await start(MUTUAL);
    const ca_file = at('ca.crt');
    const own = { cert_file: at('client.crt'), key_file: at('client.key') };
    const known = await Prometheus.scraping(url, {
      more: { scheme: 'https', tls_config: { ca_file, ...own } },
    });
    expect(await known.queryUntilFound(up(1))).toHaveLength(1);
    const stranger = await Prometheus.scraping(url, {
      more: { scheme: 'https', tls_config: { ca_file } },
    });
    expect(await stranger.queryUntilFound(up(0))).toHaveLength(1);
    expect(await stranger.lastError()).toMatch(/remote error: tls: .*certificate/);
  });
});
