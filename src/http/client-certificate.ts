import type { TLSSocket } from 'node:tls';
import { canonical, namesOf } from './subject-alt-names.js';
import type { ClientPolicy } from './web-settings.js';

/**
 * Why a client that has shaken hands is not let in, or `undefined` where it is. That it holds the
 * private key of its certificate is part of every handshake.
 */
export function refusalOf(socket: TLSSocket, policy: ClientPolicy): string | undefined {
  if (!policy.asked) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return policy.required ? 'it gave no certificate' : undefined;
  if (policy.verified && !socket.authorized) {
    return `its certificate cannot be trusted: ${String(socket.authorizationError)}`;
  }
  const { allowedSans } = policy;
  if (allowedSans === undefined) return undefined;
  const names = new Set(namesOf(certificate.subjectAltName ?? ''));
  return allowedSans.some((allowed) => names.has(canonical(allowed)))
    ? undefined
    : 'its certificate bears none of the names that are allowed';
}
