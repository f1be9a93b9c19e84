import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ERROR_CODES,
  errorCodeOf,
  limitedMessage,
  OTHER,
  UNSPECIFIED,
} from '../../../src/conformance/error-code.js';

describe('errorCodeOf', () => {
  it.each([
    ['NoAvailableConfigurationRecorderException', 'NoAvailableConfigurationRecorder'],
    ['NoAvailableConfigurationRecorder', 'NoAvailableConfigurationRecorder'],
    [' ResourceInUseException ', 'ResourceInUse'],
    ['RESOURCEINUSE', 'ResourceInUse'],
    ['SomethingNew', OTHER],
    ['', UNSPECIFIED],
    [undefined, UNSPECIFIED],
    ['Exception', UNSPECIFIED],
  ])('of the failure %j is %s', (code, expected) => {
    expect(errorCodeOf(code, true)).toBe(expected);
  });

  it('is none for a success without a code', () => {
    expect(errorCodeOf(undefined, false)).toBeUndefined();
    expect(errorCodeOf('', false)).toBeUndefined();
  });

  it('is one of a fixed set, whatever AWS sends', () => {
    fc.assert(
      fc.property(fc.string(), (code) => {
        expect(ERROR_CODES).toContain(errorCodeOf(code, true));
      }),
    );
    expect(ERROR_CODES.length).toBeLessThan(256);
  });
});

describe('limitedMessage', () => {
  it('keeps a message of any ordinary length', () => {
    expect(limitedMessage('x'.repeat(1024))).toBe('x'.repeat(1024));
  });

  it('cuts what is longer, and shows that it did', () => {
    expect(limitedMessage('x'.repeat(5000))).toBe(`${'x'.repeat(1023)}…`);
  });

  it('does not cut through a character', () => {
    expect(limitedMessage(`${'x'.repeat(1022)}${'😀'.repeat(9)}`)).not.toMatch(/\p{Cs}/u);
  });

  it('has nothing to say of an empty one', () => {
    expect(limitedMessage('')).toBeUndefined();
  });
});
