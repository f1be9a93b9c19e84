import { isThrottlingError } from '@smithy/core/retry';
import type { Reason } from './errors.js';
import { SCOPE_OPERATIONS, type Operation } from './port.js';

/** What errors of the SDK, of Node.js and of ours may carry; none of it can be relied on. */
interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $response?: { readonly statusCode?: unknown };
}

/**
 * Names, since many errors are not in the service model and arrive without a class of their own.
 * Some have the suffix `Exception` in one protocol and none in the other.
 */
const CREDENTIALS = new Set([
  'CredentialsError',
  'CredentialsProviderError',
  'ExpiredToken',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignature',
  'MissingAuthenticationToken',
  'NotSignedUp',
  'OptInRequired',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
  'UnrecognizedClient',
]);

/** The caller has no organization, or none that it may look into. */
const ORGANIZATION = new Set(['OrganizationAccessDenied', 'AWSOrganizationsNotInUse']);

const NETWORK = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
]);

const REGIONAL: ReadonlySet<Operation> = new Set(SCOPE_OPERATIONS);

/** Why a call failed. */
export function classify(error: unknown, operation: Operation): Reason {
  const { name, message, code, $metadata, $response } = (error ?? {}) as ErrorLike;
  const kind = typeof name === 'string' ? name.replace(/Exception$/, '') : '';
  const status = Number($metadata?.httpStatusCode ?? $response?.statusCode ?? 0);
  if (CREDENTIALS.has(kind)) return 'credentials';
  if (kind === 'AccessDenied' || kind === 'UnauthorizedOperation') {
    // So AWS Config answers in a Region that knows no organization conformance packs.
    const isMute = [undefined, '', 'UnknownError', 'null'].some((none) => none === message);
    return isMute && REGIONAL.has(operation) ? 'region_unsupported' : 'access_denied';
  }
  if (ORGANIZATION.has(kind)) return 'organization_access_denied';
  if (isThrottled(error)) return 'throttled';
  // Before the names: the SDK calls a connection that was reset a timeout.
  if (typeof code === 'string' && (NETWORK.has(code) || isTlsCode(code))) return 'network';
  if (kind === 'TimeoutError' || kind === 'AbortError' || code === 'ETIMEDOUT') return 'timeout';
  if (status >= 500) return 'service_error';
  // The body of the answer could not be parsed.
  if (kind === 'SyntaxError' || kind === 'TypeError') return 'invalid_response';
  return status >= 400 ? 'service_error' : 'invalid_response';
}

/** Whether AWS refused because there were too many requests. */
export function isThrottled(error: unknown): boolean {
  return (
    error instanceof Error && isThrottlingError(error as Parameters<typeof isThrottlingError>[0])
  );
}

/** OpenSSL's and Node's codes for a certificate that cannot be verified or a handshake that failed. */
function isTlsCode(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code);
}
