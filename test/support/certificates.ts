import { generate } from 'selfsigned';

/** A certificate and its private key, in PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly name?: string;
  /** Who signs; without one the certificate signs itself. */
  readonly by?: Certified;
  /** Whether it may sign others. */
  readonly authority?: boolean;
  readonly notAfter?: Date;
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
  readonly emails?: readonly string[];
  readonly uris?: readonly string[];
}

/** A certificate of this machine's loopback addresses, unless other names are given. */
export async function certify(options: CertificateOptions = {}): Promise<Certified> {
  const { authority = false, by, name = 'localhost', notAfter } = options;
  const { dns = ['localhost'], emails = [], ips = ['127.0.0.1', '::1'], uris = [] } = options;
  const altNames = [
    ...emails.map((value) => ({ type: 1 as const, value })),
    ...dns.map((value) => ({ type: 2 as const, value })),
    ...uris.map((value) => ({ type: 6 as const, value })),
    ...ips.map((ip) => ({ type: 7 as const, ip })),
  ];
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: authority, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: authority, critical: true },
      ...(altNames.length > 0 ? [{ name: 'subjectAltName' as const, altNames }] : []),
    ],
    ...(by && { ca: by }),
    ...(notAfter && { notAfterDate: notAfter }),
  });
  return { cert: `${cert}\n`, key };
}

/** A certificate authority. */
export function authority(name: string, by?: Certified): Promise<Certified> {
  return certify({ name, authority: true, dns: [], ips: [], ...(by && { by }) });
}
