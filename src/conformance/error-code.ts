/**
 * The error codes that keep their own name in the `error_code` label. AWS publishes no closed list:
 * these are the ones its service model and the field know. Everything else becomes `other`, so the
 * label holds a fixed number of values by construction.
 */
const KNOWN_CODES = [
  'AccessDenied',
  'ConformancePackTemplateValidation',
  'InsufficientDeliveryPolicy',
  'InsufficientPermissions',
  'InternalError',
  'InternalFailure',
  'InternalServiceError',
  'InvalidParameterValue',
  'LimitExceeded',
  'MaxNumberOfConfigRulesExceeded',
  'MaxNumberOfConformancePacksExceeded',
  'MaxNumberOfOrganizationConformancePacksExceeded',
  'NoAvailableConfigurationRecorder',
  'NoAvailableDeliveryChannel',
  'NoAvailableOrganization',
  'NoRunningConfigurationRecorder',
  'NoSuchBucket',
  'NoSuchConfigRule',
  'NoSuchConformancePack',
  'OrganizationAccessDenied',
  'OrganizationAllFeaturesNotEnabled',
  'OrganizationConformancePackTemplateValidation',
  'ResourceInUse',
  'ResourceNotFound',
  'ServiceUnavailable',
  'TemplateValidation',
  'Throttling',
  'UnsupportedRegion',
  'Validation',
] as const;

/** A failure without a code. */
export const UNSPECIFIED = 'unspecified';
/** A code that is not in the table. */
export const OTHER = 'other';

/** Every value that the `error_code` label can take. Fewer than 256, so that one byte holds one. */
export const ERROR_CODES: readonly string[] = [...KNOWN_CODES, OTHER, UNSPECIFIED];

const byLowerCase = new Map(KNOWN_CODES.map((code) => [code.toLowerCase(), code]));

/**
 * The `error_code` of a report: the suffix `Exception` trimmed, and codes outside the table `other`.
 * A failure without a code is `unspecified`; anything else without one has none (`undefined`).
 */
export function errorCodeOf(code: string | undefined, failed: boolean): string | undefined {
  const bare = code?.trim().replace(/Exception$/i, '');
  if (!bare) return failed ? UNSPECIFIED : undefined;
  return byLowerCase.get(bare.toLowerCase()) ?? OTHER;
}

const MESSAGE_LIMIT = 1024;
const CODE_LIMIT = 128;

/** An error message cut to a length that a snapshot of many failed accounts can hold. */
export function limitedMessage(message: string | undefined): string | undefined {
  return limited(message, MESSAGE_LIMIT);
}

/** The same for an error code as AWS gave it. */
export function limitedCode(code: string | undefined): string | undefined {
  return limited(code, CODE_LIMIT);
}

function limited(text: string | undefined, limit: number): string | undefined {
  if (!text) return undefined;
  if (text.length <= limit) return text;
  // A part of a string holds on to all of it; one that is decoded from bytes stands by itself.
  return Buffer.from(`${text.slice(0, limit - 1)}…`).toString();
}
