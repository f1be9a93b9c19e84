import type { Failure } from '../refresh/result.js';

/** Something that could not be read from AWS. */
export interface FailureStatus {
  readonly reason: Failure['reason'];
  /** What the reason means, in a sentence without its full stop. */
  readonly summary: string;
  readonly operation: Failure['operation'];
  /** The pack whose accounts could not be read; absent where the failure is not about one pack. */
  readonly pack?: string | undefined;
  /** What AWS said. */
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly advice?: string | undefined;
}

const SUMMARIES: Readonly<Record<Failure['reason'], string>> = {
  throttled: 'AWS takes fewer requests than it is sent',
  access_denied: 'An IAM action is not allowed',
  organization_access_denied:
    'The account is neither the management account nor a delegated administrator',
  region_unsupported: 'The Region has no organization conformance packs',
  credentials: 'There are no credentials, or they do not work',
  duplicate_source: 'Two sources are the same account',
  timeout: 'AWS did not answer in time',
  network: 'AWS cannot be reached',
  service_error: 'AWS answered with an error of its own; the next refresh tries again',
  invalid_response: 'AWS answered with something that makes no sense; the next refresh tries again',
};

export function failureStatus(failure: Failure): FailureStatus {
  const { advice, message, operation, pack, reason } = failure;
  return { reason, summary: SUMMARIES[reason], operation, pack, message, advice };
}
