import type { PackView } from '../metrics/pack-view.js';
import { accountIdentity, type AccountIdentity } from './account-identity.js';
import { memberStatus, type MemberStatus } from './member-status.js';
import {
  accountOf,
  errorCodeOf,
  errorMessageOf,
  idOf,
  membersOf,
  rawCodeOf,
  reportOf,
  standingOf,
  STANDINGS,
  statusOf,
  updatedAtOf,
  type Members,
  type Standing,
} from './members.js';
import { organizationOf, type Moment } from './moment.js';
import { holds, needleOf } from './search.js';
import { compare, type Sort, type SortValue } from './sort.js';

/** One account of a pack. */
export interface PackAccount extends AccountIdentity, MemberStatus {}

export interface PackAccountFilter {
  /** Part of the id, the name, the unit, the status, the code or the message; empty for any. */
  readonly q: string;
  readonly standing?: Standing | undefined;
  /** As AWS reports it. */
  readonly status?: string | undefined;
  readonly errorCode?: string | undefined;
}

type Read<Value> = (members: Members, member: number) => Value;

/** By what the accounts of a pack can be sorted. Those that are equal stand in the order of their ids. */
const SORT_VALUES = {
  standing: ({ standing }, member) => standing[member],
  accountId: idOf,
  name: (members, member) => accountOf(members, member)?.name.toLowerCase() || undefined,
  ouPath: (members, member) => accountOf(members, member)?.unitPath.toLowerCase() || undefined,
  status: statusOf,
  errorCode: errorCodeOf,
  updatedAt: updatedAtOf,
} as const satisfies Record<string, Read<SortValue>>;

export type PackAccountSortKey = keyof typeof SORT_VALUES;
export const PACK_ACCOUNT_SORT_KEYS = Object.keys(SORT_VALUES) as PackAccountSortKey[];

export interface PackAccountSelection extends PackAccountFilter {
  readonly sort: Sort<PackAccountSortKey>;
}

/** Accounts of a pack that have been selected, by number, and how to tell of each. */
export interface SelectedAccounts {
  readonly numbers: Uint32Array;
  readonly accountAt: (number: number) => PackAccount;
}

/**
 * Selects accounts of a pack from its columns. Whoever shows accounts makes those that it shows, and
 * none else.
 */
export function selectAccounts(
  pack: PackView,
  { sort: { descending, key }, ...filter }: PackAccountSelection,
  moment: Moment,
): SelectedAccounts {
  const members = membersOf(pack, organizationOf(moment, pack.scope.source));
  const matches = matcher(filter);
  const numbers = Uint32Array.from(members.standing.keys()).filter((member) =>
    matches(members, member),
  );
  const valueOf: Read<SortValue> = SORT_VALUES[key];
  const values: SortValue[] = [];
  for (const number of numbers) values[number] = valueOf(members, number);
  return {
    numbers: numbers.sort((a, b) => compare(values[a], values[b], descending)),
    accountAt: (member) => {
      const accountId = idOf(members, member);
      const { organization } = members;
      const report = reportOf(members, member);
      const standing = standingOf(members, member);
      return {
        ...accountIdentity(accountId, accountOf(members, member)),
        ...memberStatus({ accountId, standing, report, organization, now: moment.now }),
      };
    },
  };
}

function matcher({ errorCode, q, standing, status }: PackAccountFilter): Read<boolean> {
  const needle = needleOf(q);
  const wanted = standing === undefined ? undefined : STANDINGS.indexOf(standing);
  // A mass failure repeats one message for thousands of accounts.
  const messages = new Map<string | undefined, boolean>();
  const holdsMessage = (message: string | undefined) => {
    const known = messages.get(message);
    if (known !== undefined) return known;
    const found = holds(message, needle);
    messages.set(message, found);
    return found;
  };
  return (members, member) => {
    if (wanted !== undefined && members.standing[member] !== wanted) return false;
    if (status !== undefined && statusOf(members, member) !== status) return false;
    if (errorCode !== undefined && errorCodeOf(members, member) !== errorCode) return false;
    if (needle === '') return true;
    const account = accountOf(members, member);
    return (
      idOf(members, member).includes(needle) ||
      holds(account?.name, needle) ||
      holds(account?.unitPath, needle) ||
      holds(statusOf(members, member), needle) ||
      holds(errorCodeOf(members, member), needle) ||
      holds(rawCodeOf(members, member), needle) ||
      holdsMessage(errorMessageOf(members, member))
    );
  };
}
