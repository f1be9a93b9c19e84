import type { AccountReport } from '../conformance/account-columns.js';
import { excuseOf, type Excuse } from '../conformance/coverage.js';
import type { OrganizationAccount } from '../conformance/organization.js';
import type { Standing } from './members.js';
import { isoTime } from './moment.js';

/** How a pack stands in one account. */
export interface MemberStatus {
  readonly standing: Standing;
  /** As AWS reports it; absent where AWS reports nothing. */
  readonly status?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** When AWS last updated the status. */
  readonly updatedAt?: string | undefined;
  /** Why a failure is no cause for alarm. */
  readonly excuse?: Excuse | undefined;
}

export interface MemberInput {
  readonly standing: Standing;
  /** `undefined` where AWS reports nothing. */
  readonly report: AccountReport | undefined;
  /** `undefined` where nothing is known of the account. */
  readonly account: OrganizationAccount | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function memberStatus({ account, now, report, standing }: MemberInput): MemberStatus {
  return {
    standing,
    status: report?.status,
    errorCode: report?.errorCode,
    errorMessage: report?.errorMessage,
    updatedAt: isoTime(report?.updatedAt),
    excuse: standing === 'failed' && account ? excuseOf(account, now) : undefined,
  };
}
