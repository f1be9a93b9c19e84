import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** All certificates in a text, in its order. Throws a sentence where it holds none that is whole. */
export function certificatesIn(pem: string): readonly [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = (pem.match(CERTIFICATE) ?? []).map(certificateOf);
  if (first === undefined) throw new Error('holds no certificate in PEM');
  return [first, ...others];
}

function certificateOf(block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch {
    throw new Error('holds a certificate that cannot be read');
  }
}

/** The private key in a text. Throws a sentence, without any of the key, where there is none. */
export function privateKeyIn(pem: string): KeyObject {
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    throw new Error('is encrypted, and there is no place for a passphrase; decrypt it');
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error('holds no private key in PEM');
  }
}

/**
 * The first of these certificates from which no way leads up to a root among them. OpenSSL, as Node.js
 * uses it, trusts no chain that ends below a root.
 */
export function firstWithoutRoot(
  certificates: readonly X509Certificate[],
): X509Certificate | undefined {
  const isRoot = (certificate: X509Certificate) => certificate.checkIssued(certificate);
  const leadsToRoot = (certificate: X509Certificate, stepsLeft: number): boolean =>
    isRoot(certificate) ||
    (stepsLeft > 0 &&
      certificates.some(
        (issuer) =>
          issuer !== certificate &&
          certificate.checkIssued(issuer) &&
          leadsToRoot(issuer, stepsLeft - 1),
      ));
  return certificates.find((certificate) => !leadsToRoot(certificate, certificates.length));
}
