import { describe, expect, it } from 'vitest';
import { classify as classifyCall } from '../../../src/aws/classify.js';

const classify = (error: unknown) =>
  classifyCall(error, 'DescribeOrganizationConformancePackStatuses');

const failure = (name: string, message = 'why', more: object = {}) =>
  Object.assign(new Error(message), { name }, more);

describe('classify', () => {
  it.each([
    ['ThrottlingException', 'throttled'],
    ['TooManyRequestsException', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
    ['AccessDeniedException', 'access_denied'],
    ['AccessDenied', 'access_denied'],
    ['OrganizationAccessDeniedException', 'organization_access_denied'],
    ['CredentialsProviderError', 'credentials'],
    ['CredentialsError', 'credentials'],
    ['ExpiredTokenException', 'credentials'],
    ['ExpiredToken', 'credentials'],
    ['UnrecognizedClientException', 'credentials'],
    ['InvalidClientTokenId', 'credentials'],
    ['SignatureDoesNotMatch', 'credentials'],
    ['TimeoutError', 'timeout'],
    ['AbortError', 'timeout'],
    ['SyntaxError', 'invalid_response'],
    ['InvalidLimitException', 'invalid_response'],
  ])('%s is %s', (name, reason) => {
    expect(classify(failure(name))).toBe(reason);
  });

  it('an access denied without a word is a Region that is not supported', () => {
    expect(classify(failure('AccessDeniedException', ''))).toBe('region_unsupported');
    expect(classify(failure('AccessDeniedException', 'UnknownError'))).toBe('region_unsupported');
    const denied = failure('AccessDeniedException', '');
    expect(classifyCall(denied, 'ListAccounts')).toBe('access_denied');
  });

  it.each([
    ['ECONNREFUSED', 'network'],
    ['ENOTFOUND', 'network'],
    ['ECONNRESET', 'network'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network'],
    ['ETIMEDOUT', 'timeout'],
  ])('the code %s of Node.js is %s', (code, reason) => {
    expect(classify(failure('Error', 'x', { code }))).toBe(reason);
  });

  it('a reset is the network, though the SDK names it a timeout', () => {
    expect(classify(failure('TimeoutError', 'read', { code: 'ECONNRESET' }))).toBe('network');
  });

  it('goes by the HTTP status where the name says nothing', () => {
    expect(classify(failure('Oops', 'x', { $metadata: { httpStatusCode: 500 } }))).toBe(
      'service_error',
    );
    expect(classify(failure('Oops', 'x', { $metadata: { httpStatusCode: 429 } }))).toBe(
      'throttled',
    );
    expect(classify(failure('SyntaxError', 'x', { $response: { statusCode: 500 } }))).toBe(
      'service_error',
    );
  });

  it('takes anything that can be thrown', () => {
    expect(classify('text')).toBe('invalid_response');
    expect(classify(undefined)).toBe('invalid_response');
    expect(classify(null)).toBe('invalid_response');
  });
});
