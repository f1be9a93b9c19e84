import { choice, duration, integer, secret, text, toggle } from './kinds.js';
import { one, oneOr, rowsOf, several, type Option, type ValuesOf } from './option.js';
import {
  CLIENT_AUTH_TYPES,
  CURVES,
  namesOf,
  OLD_TLS_VERSIONS,
  TLS12_SUITES,
  TLS13_SUITES,
  TLS_VERSIONS,
} from './tls-names.js';

const filename = text('filename', /^[^\0]+$/, 'a path');
/** Looked into later; whatever it turns out to be, it never stands in a message. */
const pem = secret('pem', /-----BEGIN /, 'in PEM; it begins with -----BEGIN');
/** What Node.js lets through as the value of a header. */
const headerValue = text(
  'value',
  /^[\t\x20-\x7e\x80-\xff]*$/,
  'the value of a header; it stands in one line',
);
const tlsVersion = choice(namesOf(TLS_VERSIONS), OLD_TLS_VERSIONS);

/**
 * Every key of a web configuration file but the users, who stand under `basic_auth_users`. The format
 * is that of Prometheus' exporter-toolkit:
 * https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md.
 */
export const WEB_KEYS = {
  'tls_server_config.cert_file': one(
    filename,
    'Server certificate in PEM, followed by any intermediate certificates.',
  ),
  'tls_server_config.key_file': one(filename, 'Private key of the certificate, not encrypted.'),
  'tls_server_config.cert': one(pem, 'The certificate itself, instead of a file.'),
  'tls_server_config.key': one(pem, 'The private key itself, instead of a file.'),
  'tls_server_config.client_auth_type': oneOr(
    choice(namesOf(CLIENT_AUTH_TYPES)),
    'NoClientCert',
    'Policy for client certificates; see the table below.',
  ),
  'tls_server_config.client_ca_file': one(
    filename,
    'CA certificates that client certificates are verified against, each chain up to its root.',
  ),
  'tls_server_config.client_ca': one(pem, 'The CA certificates themselves, instead of a file.'),
  'tls_server_config.client_allowed_sans': several(
    text('name', /^.+$/, 'a name'),
    'Subject alternative names, one of which a client certificate must have: DNS names, IP addresses, e-mail addresses or URIs, compared exactly. Needs a type that requires a certificate.',
  ),
  'tls_server_config.min_version': oneOr(tlsVersion, 'TLS12', 'Minimum TLS version.'),
  'tls_server_config.max_version': oneOr(tlsVersion, 'TLS13', 'Maximum TLS version.'),
  'tls_server_config.cipher_suites': several(
    choice([...namesOf(TLS12_SUITES), ...TLS13_SUITES]),
    'Cipher suites for TLS 1.2, by their names in Go; by default those of Node.js. All TLS 1.3 suites are always enabled.',
  ),
  'tls_server_config.prefer_server_cipher_suites': oneOr(
    toggle,
    'true',
    'Whether the server’s order of cipher suites takes precedence over the client’s.',
  ),
  'tls_server_config.curve_preferences': several(
    choice(namesOf(CURVES)),
    'Key exchange mechanisms in order of preference, as far as the OpenSSL of Node.js supports them.',
  ),

  'http_server_config.http2': oneOr(
    choice(['false'], { true: 'the exporter speaks HTTP/1.1; write false, or leave it out' }),
    'false',
    'Whether to enable HTTP/2, which is not supported: true is refused.',
  ),
  'http_server_config.headers.Content-Security-Policy': one(
    headerValue,
    'Header of every response, instead of the policy that the pages set themselves.',
  ),
  'http_server_config.headers.Strict-Transport-Security': one(
    headerValue,
    'Header of every response.',
  ),
  'http_server_config.headers.X-Content-Type-Options': one(
    choice(['nosniff']),
    'Header of every response: nosniff.',
  ),
  'http_server_config.headers.X-Frame-Options': one(
    choice(['deny', 'sameorigin']),
    'Header of every response: deny or sameorigin.',
  ),
  'http_server_config.headers.X-XSS-Protection': one(headerValue, 'Header of every response.'),

  'rate_limit.interval': oneOr(
    duration(),
    '0',
    'Time after which one more request is allowed, for all clients together; 0 for no limit.',
  ),
  'rate_limit.burst': oneOr(
    integer({ min: 0 }),
    '0',
    'Requests that are allowed in a burst; at least 1 with an interval.',
  ),
} as const satisfies Record<string, Option>;

export type WebKey = keyof typeof WEB_KEYS;

/** The value of every key. */
export type WebValues = ValuesOf<typeof WEB_KEYS>;

/** The rows, for those who treat all keys alike. */
export const WEB_KEY_ROWS = rowsOf<WebKey>(WEB_KEYS);

/** Where the users stand: a map from name to bcrypt hash. */
export const USERS_KEY = 'basic_auth_users';
