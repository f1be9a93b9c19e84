import type { FailureStatus } from '../../status/failure-status.js';
import type { SourceStatus } from '../../status/source-status.js';

/** Why the accounts of an organization could not be listed at the last attempt; `undefined` where they could. */
export function listingFailureOf({ failures }: SourceStatus): FailureStatus | undefined {
  return failures.find(({ operation }) => operation === 'ListAccounts');
}
