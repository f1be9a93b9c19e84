import type { KeptReport } from '../conformance/account-columns.js';
import { excuseIn, type Excuse } from '../conformance/coverage.js';
import type { OrganizationAccounts } from '../conformance/organization.js';
import type { Standing } from './members.js';
import { isoTime } from './moment.js';

/** How a pack stands in one account. */
export interface MemberStatus {
  readonly standing: Standing;
  /** As AWS reports it; absent where AWS reports nothing. */
  readonly status?: string | undefined;
  readonly errorCode?: string | undefined;
  /** The code as AWS gave it, where `errorCode` is `other`. */
  readonly rawCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** When AWS last updated the status. */
  readonly updatedAt?: string | undefined;
  /** Why a failure is no cause for alarm. */
  readonly excuse?: Excuse | undefined;
}

export interface MemberInput {
  readonly standing: Standing;
  readonly accountId: string;
  /** `undefined` where AWS reports nothing. */
  readonly report: KeptReport | undefined;
  /** `undefined` where its accounts are not known. */
  readonly organization: OrganizationAccounts | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function memberStatus(input: MemberInput): MemberStatus {
  const { accountId, now, organization, report, standing } = input;
  return {
    standing,
    status: report?.status,
    errorCode: report?.errorCode,
    rawCode: report?.rawCode,
    errorMessage: report?.errorMessage,
    updatedAt: isoTime(report?.updatedAt),
    excuse:
      standing === 'failed' && organization
        ? excuseIn(organization, accountId, report?.updatedAt, now)
        : undefined,
  };
}
