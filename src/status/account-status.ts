import { reportAt, rowOf } from '../conformance/account-columns.js';
import type { AccountColumns, KeptReport } from '../conformance/account-columns.js';
import { isMissing } from '../conformance/coverage.js';
import { outcomeOf } from '../conformance/status.js';
import { accountIdentity, type AccountIdentity } from './account-identity.js';
import { memberStatus, type MemberStatus } from './member-status.js';
import { STANDINGS } from './members.js';
import { isoTime, organizationOf, type Moment } from './moment.js';
import { comparePacks, listedPacks, packConsoleUrl } from './pack-status.js';
import type { ListedPack, PackKey } from './pack-status.js';

/** What a pack is to an account; `excluded` where it leaves the account out. In the order of concern. */
export const PACK_STANDINGS = [...STANDINGS, 'excluded'] as const;

/** One account, and how every pack stands in it. */
export interface AccountStatus extends AccountIdentity {
  /** The moment that it tells of. */
  readonly time: string;
  /** When the account joined the organization. */
  readonly joinedAt?: string | undefined;
  /** The worst first. */
  readonly packs: readonly AccountPack[];
  /** Packs that AWS lists and whose accounts are not known: any of them may concern the account. */
  readonly unreadPacks: number;
}

/** One pack in the account. */
export interface AccountPack extends PackKey, Omit<MemberStatus, 'standing'> {
  readonly standing: (typeof PACK_STANDINGS)[number];
  readonly consoleUrl?: string | undefined;
}

/** The account; `undefined` where neither a pack nor an organization knows it. */
export function accountStatus(accountId: string, moment: Moment): AccountStatus | undefined {
  const account = moment.view.known
    .map(({ organization }) => organization?.accounts.get(accountId))
    .find((known) => known !== undefined);
  const listed = listedPacks(moment);
  const packs = listed
    .flatMap((pack) => {
      const standing = standingIn(pack, accountId, moment);
      return standing === undefined ? [] : [{ pack, standing }];
    })
    .sort(
      (a, b) =>
        PACK_STANDINGS.indexOf(a.standing.standing) - PACK_STANDINGS.indexOf(b.standing.standing) ||
        comparePacks(a.pack.view, b.pack.view),
    );
  if (account === undefined && packs.length === 0) return undefined;
  return {
    time: new Date(moment.now).toISOString(),
    ...accountIdentity(accountId, account),
    joinedAt: isoTime(account?.joinedAt),
    packs: packs.map(({ pack: { view }, standing }) => ({
      ...view.scope,
      pack: view.name,
      ...standing,
      consoleUrl: packConsoleUrl(view, moment),
    })),
    unreadPacks: listed.filter((pack) => mayConcern(pack, accountId)).length,
  };
}

/** Whether nobody knows what the pack is to the account. */
function mayConcern(
  { state, view: { description, detail } }: ListedPack,
  accountId: string,
): boolean {
  if (state === 'absent' || detail !== undefined) return false;
  return description?.excludedAccounts.includes(accountId) !== true;
}

function reportOn(accounts: AccountColumns, accountId: string): KeptReport | undefined {
  const row = rowOf(accounts, accountId);
  return row === undefined ? undefined : reportAt(accounts, row);
}

type PackStanding = Omit<AccountPack, keyof PackKey>;

function standingIn(
  { view }: ListedPack,
  accountId: string,
  moment: Moment,
): PackStanding | undefined {
  const { coverage, description, detail, scope } = view;
  const report = detail && reportOn(detail.accounts, accountId);
  const organization = organizationOf(moment, scope.source);
  const told = { accountId, report, organization, now: moment.now };
  if (coverage && isMissing(coverage, accountId)) {
    return memberStatus({ ...told, standing: 'missing' });
  }
  if (report) return memberStatus({ ...told, standing: outcomeOf(report.status) });
  const isExcluded = description?.excludedAccounts.includes(accountId) === true;
  return isExcluded ? { standing: 'excluded' } : undefined;
}
