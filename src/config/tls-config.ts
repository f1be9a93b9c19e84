import type { X509Certificate } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { certificatesIn, firstWithoutRoot, privateKeyIn } from './pem.js';
import type { Problem } from './problem.js';
import {
  CLIENT_AUTH_TYPES,
  CURVES,
  TLS12_SUITES,
  TLS13_SUITES,
  TLS_VERSIONS,
  type ClientCertificates,
} from './tls-names.js';
import type { Given } from './values.js';
import type { WebKey, WebValues } from './web-keys.js';

/** TLS as a web configuration file asks for it, with the content of all files that it names. */
export interface TlsConfig {
  readonly context: SecureContextOptions;
  readonly clients: ClientCertificates & {
    /** Subject alternative names of which a client has to have one. */
    readonly allowedSans?: readonly string[];
  };
  /** When the certificate of the server stops being valid, in milliseconds since the epoch. */
  readonly notAfter: number;
}

export interface TlsInput {
  /** Of the web configuration file: paths in it are relative to where it stands. */
  readonly path: string;
  readonly given: ReadonlyMap<WebKey, Given>;
  readonly values: WebValues;
  readonly locate: (path: readonly PropertyKey[]) => string;
  readonly readFile: (path: string) => string;
}

const SECTION = 'tls_server_config';

type Key = WebKey extends infer Name
  ? Name extends `${typeof SECTION}.${infer Rest}`
    ? Rest
    : never
  : never;

/** Says that something is wrong, at the key that is the cause or at the section where it is missing. */
type Report = (key: Key, message: string) => void;

/** Whether a key is there, be its value right or wrong. */
type IsGiven = (key: Key) => boolean;

/**
 * The TLS section; `undefined` for plain HTTP, where nothing stands in it, and where it is wrong. Adds
 * what is wrong to `problems`, where everything else that is wrong with the file stands already.
 */
export function readTls(input: TlsInput, problems: Problem[]): TlsConfig | undefined {
  const { given, locate, values } = input;
  if (![...given.keys()].some((key) => key.startsWith(`${SECTION}.`))) return undefined;
  const isGiven: IsGiven = (key) => given.has(`${SECTION}.${key}`);
  const report: Report = (key, message) => {
    const path = given.get(`${SECTION}.${key}`)?.origin ?? locate([SECTION]);
    problems.push({ path, message });
  };

  const cert = readPem('cert', input, report);
  const key = readPem('key', input, report);
  const clientCa = readPem('client_ca', input, report);
  reportMissing(isGiven, report);
  reportContradictions(values, isGiven, report);
  const chain = checked(cert, certificatesIn, report);
  const leaf = chain?.[0];
  const privateKey = checked(key, privateKeyIn, report);
  if (key && leaf && privateKey && !leaf.checkPrivateKey(privateKey)) {
    report(key.key, 'is not the private key of the certificate');
  }
  const authorities = checked(clientCa, certificatesIn, report);
  if (clientCa && authorities) reportWithoutRoot(authorities, clientCa.key, report);
  reportUnknownCurves(values, report);
  if (problems.length > 0 || leaf === undefined) return undefined;

  const context = contextOf(values, {
    cert: chain?.join(''),
    key: key?.text,
    ca: authorities?.join(''),
  });
  try {
    createSecureContext(context);
  } catch (error) {
    // Such as a key that is too short for the security level of OpenSSL.
    problems.push({ path: locate([SECTION]), message: `is refused by OpenSSL: ${told(error)}` });
    return undefined;
  }
  const allowedSans = values[`${SECTION}.client_allowed_sans`];
  return {
    context,
    clients: {
      ...CLIENT_AUTH_TYPES[values[`${SECTION}.client_auth_type`]],
      ...(allowedSans.length > 0 && { allowedSans }),
    },
    notAfter: Date.parse(leaf.validTo),
  };
}

/** A text in PEM, and the key under which it, or its file, is given. */
interface Pem {
  readonly text: string;
  readonly key: Key;
}

function readPem(
  inlineKey: 'cert' | 'key' | 'client_ca',
  { given, path, readFile, values }: TlsInput,
  report: Report,
): Pem | undefined {
  const fileKey = `${inlineKey}_file` as const;
  if (given.has(`${SECTION}.${fileKey}`) && given.has(`${SECTION}.${inlineKey}`)) {
    report(fileKey, `cannot be given together with ${inlineKey}`);
    return undefined;
  }
  const inline = values[`${SECTION}.${inlineKey}`];
  if (inline !== undefined) return { text: inline, key: inlineKey };
  const file = values[`${SECTION}.${fileKey}`];
  if (file === undefined) return undefined;
  try {
    return { text: readFile(isAbsolute(file) ? file : join(dirname(path), file)), key: fileKey };
  } catch (error) {
    report(fileKey, `cannot be read: ${told(error)}`);
    return undefined;
  }
}

/** What `read` makes of a text; what it throws is reported. */
function checked<Result>(
  pem: Pem | undefined,
  read: (text: string) => Result,
  report: Report,
): Result | undefined {
  try {
    return pem && read(pem.text);
  } catch (error) {
    if (pem) report(pem.key, told(error));
    return undefined;
  }
}

function reportMissing(isGiven: IsGiven, report: Report): void {
  if (!isGiven('cert') && !isGiven('cert_file')) {
    report('cert_file', 'has no certificate; give cert_file, or cert');
  }
  if (!isGiven('key') && !isGiven('key_file')) {
    report('key_file', 'has no private key; give key_file, or key');
  }
}

/** Keys that are right each for itself and wrong together. */
function reportContradictions(values: WebValues, isGiven: IsGiven, report: Report): void {
  const type = values[`${SECTION}.client_auth_type`];
  const clients = CLIENT_AUTH_TYPES[type] as ClientCertificates | undefined;
  const authority = (['client_ca_file', 'client_ca'] as const).find(isGiven);
  if (clients?.verified === true && authority === undefined) {
    const why = 'without one, a certificate of any public authority would do';
    report('client_auth_type', `${type} needs client_ca_file, or client_ca: ${why}`);
  }
  if (clients?.asked === false && authority !== undefined) {
    report(authority, `is of no use with client_auth_type ${type}`);
  }
  if (isGiven('client_allowed_sans')) {
    if (values[`${SECTION}.client_allowed_sans`].length === 0) {
      report('client_allowed_sans', 'allows nobody; name somebody, or leave it out');
    } else if (clients?.required === false) {
      const needed = 'RequireAndVerifyClientCert or RequireAnyClientCert';
      report(
        'client_allowed_sans',
        `needs client_auth_type ${needed}; ${type} lets in without any`,
      );
    }
  }
  const [oldest, newest] = [values[`${SECTION}.min_version`], values[`${SECTION}.max_version`]];
  if (oldest === 'TLS13' && newest === 'TLS12') {
    report('min_version', `${oldest} is newer than max_version ${newest}`);
  }
}

function reportWithoutRoot(
  authorities: readonly X509Certificate[],
  key: Key,
  report: Report,
): void {
  const stray = firstWithoutRoot(authorities);
  if (stray === undefined) return;
  const subject = JSON.stringify(stray.subject.replaceAll('\n', ', '));
  report(key, `lacks the root above ${subject}; Node.js trusts no chain without it`);
}

/** Curves that this build of OpenSSL does not have. */
function reportUnknownCurves(values: WebValues, report: Report): void {
  for (const curve of new Set(values[`${SECTION}.curve_preferences`])) {
    // One that is wrong in itself has been reported already.
    if (!Object.hasOwn(CURVES, curve)) continue;
    try {
      createSecureContext({ ecdhCurve: CURVES[curve] });
    } catch {
      report('curve_preferences', `${curve} is not in the OpenSSL of this Node.js`);
    }
  }
}

function contextOf(
  values: WebValues,
  pem: Readonly<Record<'cert' | 'key' | 'ca', string | undefined>>,
): SecureContextOptions {
  const suites = values[`${SECTION}.cipher_suites`];
  const olderSuites = suites.flatMap((suite) =>
    suite in TLS12_SUITES ? [TLS12_SUITES[suite as keyof typeof TLS12_SUITES]] : [],
  );
  const curves = values[`${SECTION}.curve_preferences`].map((curve) => CURVES[curve]);
  return {
    ...pem,
    minVersion: TLS_VERSIONS[values[`${SECTION}.min_version`]],
    maxVersion: TLS_VERSIONS[values[`${SECTION}.max_version`]],
    honorCipherOrder: values[`${SECTION}.prefer_server_cipher_suites`],
    // A list without a suite of TLS 1.3 would turn that version off, which it does not in Go.
    ...(suites.length > 0 && { ciphers: [...TLS13_SUITES, ...olderSuites].join(':') }),
    ...(curves.length > 0 && { ecdhCurve: curves.join(':') }),
  };
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
