import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLIENT_AUTH_TYPES } from '../../src/config/tls-names.js';
import { loadWebConfig } from '../../src/config/web-config.js';
import { listen, type Listener } from '../../src/http/server.js';
import type { TlsSettings } from '../../src/http/web-settings.js';
import { authority, certify, type Certified } from '../support/certificates.js';
import { ask as askOver } from '../support/https.js';
import { collectingLogger } from '../support/logged.js';

const ca = await authority('Some CA');
const between = await authority('Some intermediate CA', ca);
const otherCa = await authority('Another CA');
const server = await certify({ name: 'first', by: ca });
const newServer = await certify({ name: 'second', by: otherCa });
const uris = ['spiffe://example.com/prometheus'];
const signed = await certify({ by: ca, dns: ['good.example.com'], ips: ['2001:db8::1'], uris });
const belowBetween = await certify({ by: between });
const stranger = await certify({ by: otherCa, dns: ['good.example.com'] });
const selfSigned = await certify({ dns: ['good.example.com'] });

const CLIENTS: Readonly<Record<string, Partial<Certified>>> = {
  nobody: {},
  signed,
  belowBetween: { cert: belowBetween.cert + between.cert, key: belowBetween.key },
  stranger,
  selfSigned,
};

const FILES: Readonly<Record<string, string>> = {
  'tls.crt': server.cert,
  'tls.key': server.key,
  'ca.crt': ca.cert,
  'new.crt': newServer.cert,
  'new.key': newServer.key,
  'other-ca.crt': otherCa.cert,
};

/** TLS as the web configuration says that holds these lines, and a certificate unless they name one. */
function settingsOf(...lines: readonly string[]): TlsSettings {
  const own = lines.some((line) => line.startsWith('cert_file'));
  const all = own ? lines : ['cert_file: tls.crt', 'key_file: tls.key', ...lines];
  const text = `tls_server_config: {${all.join(', ')}}`;
  const { config, problems } = loadWebConfig('web.yml', (path) =>
    path === 'web.yml' ? text : (FILES[path] ?? ''),
  );
  if (config?.tls === undefined) throw new Error(JSON.stringify(problems));
  return config.tls;
}

async function serve(tls: TlsSettings): Promise<Listener & { events: () => readonly unknown[] }> {
  const { lines, logger } = collectingLogger();
  const listener = await listen(
    (_request, response) => response.end('metrics\n'),
    { host: '127.0.0.1', port: 0 },
    { tls, logger },
  );
  onTestFinished(() => listener.stop(0));
  return { ...listener, events: () => lines.map(({ event }) => event) };
}

const TRUSTING = { ca: [ca.cert, otherCa.cert], agent: false };

const ask = (listener: Listener, options: RequestOptions = {}) =>
  askOver(listener.url, { ...TRUSTING, ...options });

/** What becomes of a client with these certificates. */
async function outcome(listener: Listener, options: RequestOptions): Promise<'in' | 'out'> {
  try {
    const { body } = await ask(listener, options);
    expect(body).toBe('metrics\n');
    return 'in';
  } catch (error) {
    expect(error).toHaveProperty(
      'code',
      expect.stringMatching(/^(ERR_SSL|EPROTO|ECONNRESET|EPIPE)/),
    );
    return 'out';
  }
}

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

/** Clients by what becomes of them, under both versions of TLS. */
async function outcomes(listener: Listener): Promise<Record<string, readonly string[]>> {
  const all: Record<string, string[]> = { in: [], out: [] };
  for (const [name, client] of Object.entries(CLIENTS)) {
    const found = [];
    for (const version of VERSIONS) {
      const versions = { minVersion: version, maxVersion: version };
      found.push(await outcome(listener, { ...client, ...versions }));
    }
    const [first = '', second] = found;
    expect(second, name).toBe(first);
    all[first]?.push(name);
  }
  return all;
}

const EVERYBODY = ['nobody', 'signed', 'belowBetween', 'stranger', 'selfSigned'];

describe('client_auth_type', () => {
  it.each<[keyof typeof CLIENT_AUTH_TYPES, readonly string[]]>([
    ['NoClientCert', EVERYBODY],
    ['RequestClientCert', EVERYBODY],
    ['RequireAnyClientCert', ['signed', 'belowBetween', 'stranger', 'selfSigned']],
    ['RequireClientCert', ['signed', 'belowBetween', 'stranger', 'selfSigned']],
    ['VerifyClientCertIfGiven', ['nobody', 'signed', 'belowBetween']],
    ['RequireAndVerifyClientCert', ['signed', 'belowBetween']],
  ])('%s lets in %j', async (type, expected) => {
    const clientCa = CLIENT_AUTH_TYPES[type].verified ? ['client_ca_file: ca.crt'] : [];
    const listener = await serve(settingsOf(`client_auth_type: ${type}`, ...clientCa));
    expect(await outcomes(listener)).toEqual({
      in: expected,
      out: EVERYBODY.filter((name) => !expected.includes(name)),
    });
  });

  it('tells a client without a certificate that it needs one', async () => {
    const settings = settingsOf(
      'client_auth_type: RequireAndVerifyClientCert',
      'client_ca_file: ca.crt',
    );
    const listener = await serve(settings);
    await expect(ask(listener)).rejects.toThrow('certificate required');
    expect(listener.events()).toEqual(['handshake_failed']);
  });

  it('refuses a client before a request of it is read', async () => {
    const { lines, logger } = collectingLogger();
    let requests = 0;
    const listener = await listen(
      () => requests++,
      { host: '127.0.0.1', port: 0 },
      { tls: settingsOf('client_auth_type: RequireAnyClientCert'), logger },
    );
    onTestFinished(() => listener.stop(0));
    expect((await converse(listener, { ca: ca.cert })).answer).toBe('');
    expect(requests).toBe(0);
    expect(lines).toMatchObject([{ event: 'client_refused', client: '127.0.0.1' }]);
  });
});

describe('client_allowed_sans', () => {
  it.each([
    [['good.example.com'], ['signed']],
    [['bad.example.com', 'spiffe://example.com/prometheus'], ['signed']],
    [['2001:DB8:0::1'], ['signed']],
    [['localhost'], ['belowBetween']],
    [['example.com', '*.example.com', 'good'], []],
  ])('%j lets in %j, of those who are verified', async (names, expected) => {
    const listener = await serve(
      settingsOf(
        'client_auth_type: RequireAndVerifyClientCert',
        'client_ca_file: ca.crt',
        `client_allowed_sans: ${JSON.stringify(names)}`,
      ),
    );
    expect((await outcomes(listener))['in']).toEqual(expected);
  });
});

describe('versions and suites', () => {
  it('are TLS 1.2 and newer by default', async () => {
    const listener = await serve(settingsOf());
    expect((await ask(listener, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
    expect((await ask(listener)).protocol).toBe('TLSv1.3');
  });

  it.each([
    ['min_version: TLS13', 'TLSv1.3'],
    ['max_version: TLS12', 'TLSv1.2'],
  ])('with %s are %s only', async (line, only) => {
    const listener = await serve(settingsOf(line));
    expect((await ask(listener)).protocol).toBe(only);
    const other = only === 'TLSv1.3' ? 'TLSv1.2' : 'TLSv1.3';
    expect(await outcome(listener, { minVersion: other, maxVersion: other })).toBe('out');
  });

  it.each([
    ['prefer_server_cipher_suites: true', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'],
    ['prefer_server_cipher_suites: false', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  ])('with %s take %s', async (line, suite) => {
    const suites =
      '[TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]';
    const listener = await serve(settingsOf(`cipher_suites: ${suites}`, line));
    const ciphers =
      'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305';
    expect((await ask(listener, { maxVersion: 'TLSv1.2', ciphers })).cipher).toBe(suite);
    expect((await ask(listener)).protocol).toBe('TLSv1.3');
  });

  it('use the curves that are preferred, and no other', async () => {
    const listener = await serve(settingsOf('curve_preferences: [CurveP384]'));
    expect(await outcome(listener, { ecdhCurve: 'P-384' })).toBe('in');
    expect(await outcome(listener, { ecdhCurve: 'P-256' })).toBe('out');
  });
});

describe('a swap', () => {
  it('of the certificate is seen by new connections, and cuts off none that is open', async () => {
    const listener = await serve(settingsOf());
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    expect((await ask(listener, { agent })).server).toBe('first');
    listener.secure(settingsOf('cert_file: new.crt', 'key_file: new.key'));
    expect((await ask(listener)).server).toBe('second');
    expect((await ask(listener, { agent })).server).toBe('first');
  });

  it('of what is asked of clients counts at once, in both directions', async () => {
    const listener = await serve(settingsOf());
    const mutual = ['client_auth_type: RequireAndVerifyClientCert', 'client_ca_file: ca.crt'];
    listener.secure(settingsOf(...mutual));
    expect((await outcomes(listener))['in']).toEqual(['signed', 'belowBetween']);
    listener.secure(settingsOf(...mutual, 'client_allowed_sans: [localhost]'));
    expect((await outcomes(listener))['in']).toEqual(['belowBetween']);
    listener.secure(settingsOf(...mutual.slice(0, 1), 'client_ca_file: other-ca.crt'));
    expect((await outcomes(listener))['in']).toEqual(['stranger']);
    listener.secure(settingsOf());
    expect((await outcomes(listener))['in']).toEqual(EVERYBODY);
  });

  it.each(VERSIONS)('ends the sessions of %s that were made before it', async (version) => {
    const mutual = 'client_auth_type: RequireAndVerifyClientCert';
    const listener = await serve(settingsOf(mutual, 'client_ca_file: ca.crt'));
    const versions = { minVersion: version, maxVersion: version };
    const client = { ...versions, ...signed, ca: ca.cert };
    const { session } = await converse(listener, client);
    expect(await converse(listener, { ...client, session })).toMatchObject({
      isResumed: true,
      answer: expect.stringContaining('200 OK') as string,
    });
    listener.secure(settingsOf(mutual, 'client_ca_file: other-ca.crt'));
    expect(await converse(listener, { ...client, session })).toMatchObject({ answer: '' });
  });
});

describe('a listener', () => {
  it('says that it speaks HTTPS, to whoever speaks plain HTTP too', async () => {
    const listener = await serve(settingsOf());
    expect(listener.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    for (let time = 0; time < 3; time++) {
      const response = await fetch(listener.url.replace('https:', 'http:'));
      expect([response.status, await response.text()]).toEqual([
        400,
        'This port speaks HTTPS, and the request was sent by HTTP.\n',
      ]);
    }
    expect(listener.events()).toEqual(Array(3).fill('handshake_failed'));
    expect((await ask(listener)).body).toBe('metrics\n');
  });

  it('says nothing to whoever speaks neither', async () => {
    const listener = await serve(settingsOf());
    const socket = createConnection(Number(new URL(listener.url).port), '127.0.0.1');
    socket.write('\x00\x01\x02\x03 neither TLS nor HTTP\n');
    // An alert of TLS, if anything.
    expect(await text(socket).catch(() => '')).not.toContain('HTTP');
    expect(listener.events()).toEqual(['handshake_failed']);
  });

  it('lets an answer end that is under way when it stops, and cuts it off after that', async () => {
    const answers: ServerResponse[] = [];
    const { logger } = collectingLogger();
    const stuck = await listen(
      (_request, response) => {
        answers.push(response);
        response.write('half ');
      },
      { host: '127.0.0.1', port: 0 },
      { tls: settingsOf(), logger },
    );
    const open = async () => {
      const sent = request(stuck.url, TRUSTING).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return response;
    };
    const first = await open();
    const second = await open();
    const stopping = stuck.stop(100);
    answers[0]?.end('whole');
    expect(await text(first)).toBe('half whole');
    await expect(text(second)).rejects.toThrow('aborted');
    await stopping;
  });

  it('does not wait for a client that does not finish its handshake', async () => {
    const listener = await serve(settingsOf());
    const socket = createConnection(portOf(listener), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    socket.resume();
    await listener.stop(1);
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});

/** Asks once on a socket; tells what came, and the session with which the next one can go on. */
async function converse(listener: Listener, options: ConnectionOptions) {
  const socket = connect({ port: portOf(listener), host: '127.0.0.1', ...options });
  let isResumed = false;
  let session: Buffer | undefined;
  let answer = '';
  socket
    .on('error', () => undefined)
    .on('secureConnect', () => (isResumed = socket.isSessionReused()))
    .on('session', (made: Buffer) => (session = made))
    .on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  // Whether it ends well or not.
  await new Promise((resolve) => socket.once('close', resolve));
  return { isResumed, session, answer };
}

function portOf({ url }: Listener): number {
  return Number(new URL(url).port);
}
