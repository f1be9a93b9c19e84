import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadWebConfig, type WebConfig } from '../../../src/config/web-config.js';
import { WEB_KEY_ROWS } from '../../../src/config/web-keys.js';
import { authority, certify } from '../../support/certificates.js';

const HASH = '$2y$10$91pGP76RkDk2dbcqBICANe7hleN9F7JSFMShcyxGrNLUv9EIjwXyC';
const NOT_AFTER = new Date('2031-02-03T04:05:06Z');

const ca = await authority('Some CA');
const between = await authority('Some intermediate CA', ca);
const server = await certify({ by: ca, notAfter: NOT_AFTER });
const other = await certify({ name: 'other' });
const passphrase = 'some passphrase';
const encryptedKey = createPrivateKey(server.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  .toString();

const FILES: Readonly<Record<string, string>> = {
  'etc/tls.crt': server.cert + ca.cert,
  'etc/joined.crt': server.cert.trimEnd() + ca.cert,
  'etc/tls.key': server.key,
  'etc/other.key': other.key,
  'etc/encrypted.key': encryptedKey,
  'etc/ca.crt': between.cert + ca.cert,
  'etc/between.crt': between.cert,
  'etc/broken.crt': server.cert.replace(/\n[^\n]+\n/, '\n'),
  'etc/empty': '',
  '/absolute/tls.crt': server.cert,
};

function load(text: string) {
  return loadWebConfig('etc/web.yml', (path) => {
    if (path === 'etc/web.yml') return text;
    const content = FILES[path];
    if (content === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
    return content;
  });
}

function configOf(text: string): WebConfig {
  const { config, problems } = load(text);
  expect(problems).toEqual([]);
  return config as WebConfig;
}

function problemsOf(text: string): string[] {
  return load(text).problems.map(({ message, path }) => `${path}: ${message}`);
}

const TLS = 'tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n';
const indented = (pem: string) => pem.trimEnd().replaceAll('\n', '\n    ');

describe('loadWebConfig', () => {
  it.each([
    ['', 'an empty file'],
    ['# nothing\n', 'a comment'],
    ['tls_server_config: {}\nhttp_server_config: {}\nbasic_auth_users: {}\n', 'empty sections'],
    ['tls_server_config:\nhttp_server_config:\n  headers:\nbasic_auth_users:\n', 'blank sections'],
    ['tls_server_config:\n  cert_file: ""\n  client_auth_type:\n', 'blank values'],
  ])('takes %j, %s, for plain HTTP that anybody may use', (text) => {
    expect(configOf(text)).toEqual({
      tls: undefined,
      headers: {},
      users: new Map(),
      rateLimit: undefined,
    });
  });

  it('reads certificate and key from where the file stands', () => {
    expect(configOf(TLS).tls).toEqual({
      context: {
        cert: FILES['etc/tls.crt'],
        key: server.key,
        ca: undefined,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        honorCipherOrder: true,
      },
      clients: { asked: false, required: false, verified: false },
      notAfter: NOT_AFTER.getTime(),
    });
    const absolute = TLS.replace('tls.crt', '/absolute/tls.crt');
    expect(configOf(absolute).tls?.context.cert).toBe(server.cert);
  });

  it('reads certificates between which a line break is missing', () => {
    const joined = configOf(TLS.replace('tls.crt', 'joined.crt'));
    expect(joined.tls?.context.cert).toBe(server.cert + ca.cert);
  });

  it('takes certificate, key and CA from the file itself', () => {
    const text = `tls_server_config:
  cert: |
    ${indented(server.cert)}
  key: |
    ${indented(server.key)}
  client_ca: |
    ${indented(ca.cert)}
  client_auth_type: RequireAndVerifyClientCert
`;
    expect(configOf(text).tls?.context).toMatchObject({
      cert: server.cert,
      key: server.key,
      ca: ca.cert,
    });
  });

  it('translates what Go calls by other names', () => {
    const { context } =
      configOf(`${TLS}  min_version: TLS13
  max_version: TLS13
  prefer_server_cipher_suites: false
  curve_preferences: [X25519, CurveP256, CurveP384, CurveP521]
  cipher_suites:
    - TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
    - TLS_AES_128_GCM_SHA256
    - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
`).tls ?? {};
    expect(context).toMatchObject({
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      honorCipherOrder: false,
      ecdhCurve: 'X25519:P-256:P-384:P-521',
      ciphers:
        'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-CHACHA20-POLY1305',
    });
  });

  it.each([
    ['RequestClientCert', '', { asked: true, required: false, verified: false }],
    ['RequireAnyClientCert', '', { asked: true, required: true, verified: false }],
    ['RequireClientCert', '', { asked: true, required: true, verified: false }],
    ['VerifyClientCertIfGiven', 'ca.crt', { asked: true, required: false, verified: true }],
    ['RequireAndVerifyClientCert', 'ca.crt', { asked: true, required: true, verified: true }],
  ])('knows what %s asks of clients', (type, clientCa, clients) => {
    const text = `${TLS}  client_auth_type: ${type}\n  client_ca_file: ${clientCa}\n`;
    const { tls } = configOf(text);
    expect(tls?.clients).toEqual(clients);
    expect(tls?.context.ca).toBe(FILES[`etc/${clientCa}`]);
  });

  it('reads names of clients, headers, users and the limit', () => {
    const config = configOf(`${TLS}  client_ca_file: ca.crt
  client_auth_type: RequireAndVerifyClientCert
  client_allowed_sans: [prometheus.example.com, 10.0.0.1]
http_server_config:
  http2: false
  headers:
    Content-Security-Policy: frame-ancestors https://example.com
    X-Frame-Options: sameorigin
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 0
    Strict-Transport-Security: ""
basic_auth_users:
  alice: ${HASH}
  "": ${HASH}
  __proto__: ${HASH}
rate_limit:
  interval: 100ms
  burst: 20
`);
    expect(config.tls?.clients.allowedSans).toEqual(['prometheus.example.com', '10.0.0.1']);
    expect(config.headers).toEqual({
      'Content-Security-Policy': 'frame-ancestors https://example.com',
      'X-Frame-Options': 'sameorigin',
      'X-Content-Type-Options': 'nosniff',
      'X-XSS-Protection': '0',
    });
    expect([...config.users]).toEqual([
      ['alice', HASH],
      ['', HASH],
      ['__proto__', HASH],
    ]);
    expect(config.rateLimit).toEqual({ intervalMs: 100, burst: 20 });
  });

  it('finds every problem, wherever it is', () => {
    expect(
      problemsOf(`tls_server_config:
  cert_file: missing.crt
  key_file: empty
  client_ca_file: empty
  min_version: TLS10
  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]
  client_auth: NoClientCert
http_server_config:
  http2: true
  headers:
    Server: none
basic_auth_users:
  alice: secret
rate_limit:
  interval: 1s
`),
    ).toEqual([
      'etc/web.yml:7:3 tls_server_config.client_auth: unknown key; did you mean tls_server_config.client_ca?',
      'etc/web.yml:11:5 http_server_config.headers.Server: unknown key',
      'etc/web.yml:5:16 tls_server_config.min_version: "TLS10" is not supported: RFC 8996 has deprecated it; the oldest is TLS12',
      expect.stringMatching(
        /^etc\/web\.yml:6:18 tls_server_config\.cipher_suites: "TLS_RSA_WITH_RC4_128_SHA" is none of TLS_ECDHE/,
      ),
      'etc/web.yml:9:10 http_server_config.http2: "true" is not supported: the exporter speaks HTTP/1.1; write false, or leave it out',
      "etc/web.yml:2:14 tls_server_config.cert_file: cannot be read: ENOENT: no such file, open 'etc/missing.crt'",
      'etc/web.yml:4:19 tls_server_config.client_ca_file: is of no use with client_auth_type NoClientCert',
      'etc/web.yml:3:13 tls_server_config.key_file: holds no private key in PEM',
      'etc/web.yml:4:19 tls_server_config.client_ca_file: holds no certificate in PEM',
      'etc/web.yml:13:10 basic_auth_users.alice: the value is not a bcrypt hash; make one with htpasswd -nBC 10 "", or with Node.js as docs/web-configuration.md shows',
      'etc/web.yml:15:3 rate_limit.burst: lets no request through with a burst of 0; the least is 1',
    ]);
  });

  const mutual = (type: string, more = '') => `${TLS}  client_auth_type: ${type}\n${more}`;
  it.each([
    ['a file that is a list', '- a\n', ':1:1: is not a map of keys; the file begins with one'],
    ['a file that is no YAML', '"', ':1:2: not valid YAML: Missing closing "quote'],
    [
      'a key twice',
      'rate_limit: {}\nrate_limit: {}\n',
      ':2:1: not valid YAML: Map keys must be unique',
    ],
    [
      'an alias of nothing',
      'basic_auth_users: *users\n',
      ':1:19 basic_auth_users: not valid YAML: Unresolved alias (the anchor must be set before the alias): users',
    ],
    ['a section that is unknown', 'tls_config: {}\n', ':1:1 tls_config: unknown key'],
    [
      'a section that is a text',
      'tls_server_config: on\n',
      ':1:20 tls_server_config: is not a map of keys',
    ],
    [
      'a value that is a map',
      'tls_server_config:\n  cert_file: {}\n',
      ':2:14 tls_server_config.cert_file: has no value, or one that is a map',
    ],
    [
      'a key without a certificate',
      'tls_server_config:\n  key_file: tls.key\n',
      ':2:3 tls_server_config: has no certificate; give cert_file, or cert',
    ],
    [
      'a certificate without a key',
      'tls_server_config:\n  cert_file: tls.crt\n',
      ':2:3 tls_server_config: has no private key; give key_file, or key',
    ],
    [
      'a certificate in two ways',
      `${TLS}  cert: "-----BEGIN "\n`,
      ':2:14 tls_server_config.cert_file: cannot be given together with cert',
    ],
    [
      'the key of another certificate',
      TLS.replace('tls.key', 'other.key'),
      ':3:13 tls_server_config.key_file: is not the private key of the certificate',
    ],
    [
      'a key behind a passphrase',
      TLS.replace('tls.key', 'encrypted.key'),
      ':3:13 tls_server_config.key_file: is encrypted, and there is no place for a passphrase; decrypt it',
    ],
    [
      'a certificate that is damaged',
      TLS.replace('tls.crt', 'broken.crt'),
      ':2:14 tls_server_config.cert_file: holds a certificate that cannot be read',
    ],
    [
      'a key for a certificate',
      TLS.replace('tls.crt', 'tls.key'),
      ':2:14 tls_server_config.cert_file: holds no certificate in PEM',
    ],
    [
      'verification by nobody',
      mutual('RequireAndVerifyClientCert'),
      ':4:21 tls_server_config.client_auth_type: RequireAndVerifyClientCert needs client_ca_file, or client_ca: without one, a certificate of any public authority would do',
    ],
    [
      'a CA that verifies nothing',
      `${TLS}  client_ca_file: ca.crt\n`,
      ':4:19 tls_server_config.client_ca_file: is of no use with client_auth_type NoClientCert',
    ],
    [
      'a CA without its root',
      mutual('VerifyClientCertIfGiven', '  client_ca_file: between.crt\n'),
      ':5:19 tls_server_config.client_ca_file: lacks the root above "CN=Some intermediate CA"; Node.js trusts no chain without it',
    ],
    [
      'a type of client that is none',
      mutual('Always'),
      ':4:21 tls_server_config.client_auth_type: "Always" is none of NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert',
    ],
    [
      'names of clients that need no certificate',
      mutual('RequestClientCert', '  client_allowed_sans: [a]\n'),
      ':5:24 tls_server_config.client_allowed_sans: needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert; RequestClientCert lets in without any',
    ],
    [
      'a list of no clients',
      mutual('RequireAnyClientCert', '  client_allowed_sans: []\n'),
      ':5:24 tls_server_config.client_allowed_sans: allows nobody; name somebody, or leave it out',
    ],
    [
      'versions the wrong way round',
      `${TLS}  min_version: TLS13\n  max_version: TLS12\n`,
      ':4:16 tls_server_config.min_version: TLS13 is newer than max_version TLS12',
    ],
    [
      'a curve that is none',
      `${TLS}  curve_preferences: [P256]\n`,
      ':4:22 tls_server_config.curve_preferences: "P256" is none of CurveP256, CurveP384, CurveP521, X25519, X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024',
    ],
    [
      'a header in the wrong case',
      'http_server_config:\n  headers:\n    x-frame-options: deny\n',
      ':3:5 http_server_config.headers.x-frame-options: unknown key; did you mean http_server_config.headers.X-Frame-Options?',
    ],
    [
      'a header that means nothing',
      'http_server_config:\n  headers:\n    X-Frame-Options: DENY\n',
      ':3:22 http_server_config.headers.X-Frame-Options: "DENY" is none of deny, sameorigin',
    ],
    [
      'a header over two lines',
      'http_server_config:\n  headers:\n    X-XSS-Protection: "a\\nb"\n',
      ':3:23 http_server_config.headers.X-XSS-Protection: "a\\nb" is not the value of a header; it stands in one line',
    ],
    [
      'users in a list',
      'basic_auth_users: [alice]\n',
      ':1:19 basic_auth_users: is not a map of names to hashes',
    ],
    [
      'a user with a colon',
      `basic_auth_users:\n  "a:b": ${HASH}\n`,
      ':2:10 basic_auth_users.a:b: is no name; it holds a colon',
    ],
    [
      'a cost that bcrypt does not know',
      `basic_auth_users:\n  a: ${HASH.replace('$10$', '$32$')}\n`,
      ':2:6 basic_auth_users.a: the value is not a bcrypt hash; make one with htpasswd -nBC 10 "", or with Node.js as docs/web-configuration.md shows',
    ],
    [
      'a limit that is no duration',
      'rate_limit:\n  interval: 1\n  burst: 1\n',
      ':2:13 rate_limit.interval: "1" is not a duration; write for example 30s, 5m or 1h30m',
    ],
  ])('refuses %s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([`etc/web.yml${problem}`]);
  });

  it('knows which curves the OpenSSL of this Node.js has', () => {
    const hybrid = `${TLS}  curve_preferences: [X25519MLKEM768, X25519]\n`;
    const has = Number.parseFloat(process.versions.openssl) >= 3.5;
    const refusal =
      'etc/web.yml:4:22 tls_server_config.curve_preferences: X25519MLKEM768 is not in the OpenSSL of this Node.js';
    expect(problemsOf(hybrid)).toEqual(has ? [] : [refusal]);
  });

  it('refuses a file that cannot be read', () => {
    const { problems } = loadWebConfig('web.yml', () => {
      throw new Error('EACCES: permission denied');
    });
    expect(problems).toEqual([
      { path: 'web.yml', message: 'cannot be read: EACCES: permission denied' },
    ]);
  });

  it('never repeats a hash or a key in a message', () => {
    const said = problemsOf(
      'tls_server_config:\n  key: top-secret\n  cert: top-secret\nbasic_auth_users:\n  a: top-secret\n',
    );
    expect(said).toHaveLength(3);
    expect(said.join('\n')).not.toContain('top-secret');
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        const { config, problems } = load(text);
        expect(config === undefined).toBe(problems.length > 0);
      }),
    );
  });
});

describe('the page about the file', () => {
  it('has an example that is right', async () => {
    const page = new URL('../../../docs/web-configuration.md', import.meta.url);
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(await readFile(page, 'utf8')) ?? [];
    const { tls, users } = configOf(example);
    expect(tls?.clients).toEqual({ asked: true, required: true, verified: true });
    expect([...users.keys()]).toEqual(['prometheus']);
  });
});

describe('the table of keys', () => {
  it.each(WEB_KEY_ROWS.map(([name, option]) => ({ name, option })))(
    '$name says what it is for, and its default is right',
    ({ option }) => {
      expect(option.help).toMatch(/^[A-Z].*\.$/);
      if (option.default !== undefined) {
        expect(option.kind.schema.safeParse(option.default).success).toBe(true);
      }
    },
  );
});
