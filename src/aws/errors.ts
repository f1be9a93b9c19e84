import type { Operation } from './port.js';

/** Why something could not be read: the closed set of values of the `reason` label. */
export const REASONS = [
  'throttled',
  'access_denied',
  'organization_access_denied',
  'region_unsupported',
  'credentials',
  'duplicate_source',
  'timeout',
  'network',
  'service_error',
  'invalid_response',
] as const;
export type Reason = (typeof REASONS)[number];

export interface AwsErrorOptions {
  readonly operation: Operation;
  readonly reason: Reason;
  readonly message: string;
  /** What a person can do about it, where that is known. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
}

/** A call of AWS that was given up. Its message says what went wrong and what to do about it. */
export class AwsError extends Error {
  override readonly name: string = 'AwsError';
  readonly operation: Operation;
  readonly reason: Reason;
  /** What went wrong, without the advice. */
  readonly problem: string;
  readonly advice: string | undefined;

  constructor({ advice, cause, message, operation, reason }: AwsErrorOptions) {
    super(advice === undefined ? message : `${message} (${advice})`, { cause });
    this.operation = operation;
    this.reason = reason;
    this.problem = message;
    this.advice = advice;
  }
}

/** The pack does not exist, or no longer. */
export class PackGoneError extends AwsError {
  override readonly name = 'PackGoneError';
}

/** The organizational unit does not exist, or no longer. */
export class UnitGoneError extends AwsError {
  override readonly name = 'UnitGoneError';
}

/** AWS answered, but with something that cannot be used. */
export class InvalidResponseError extends AwsError {
  override readonly name = 'InvalidResponseError';

  constructor(operation: Operation, message: string) {
    super({ operation, reason: 'invalid_response', message });
  }
}
