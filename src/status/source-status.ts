import type { SourceState } from '../refresh/store.js';
import { failureStatus, type FailureStatus } from './failure-status.js';
import { isoTime } from './moment.js';

/** One AWS identity whose packs are read. */
export interface SourceStatus {
  readonly name: string;
  /** Whose credentials it has. */
  readonly ownerAccountId?: string | undefined;
  /** Such as `aws` or `aws-us-gov`. */
  readonly partition?: string | undefined;
  readonly organizationId?: string | undefined;
  /** How many accounts its organization has; absent where they are not known, or not lately. */
  readonly accounts?: number | undefined;
  /** When those were last read completely. */
  readonly accountsReadAt?: string | undefined;
  /** What could not be read beside the packs: it costs names and missing accounts, never a pack. */
  readonly failures: readonly FailureStatus[];
}

export function sourceStatus(source: SourceState): SourceStatus {
  const { failures = [], identity, name, organization, organizationId } = source;
  return {
    name,
    ownerAccountId: identity?.accountId,
    partition: identity?.partition,
    organizationId,
    accounts: organization?.accounts.size,
    accountsReadAt: isoTime(organization?.readAt),
    failures: failures.map(failureStatus),
  };
}
