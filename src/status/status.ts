import type { Clock } from '../clock.js';
import type { View, Views } from '../metrics/view.js';
import type { Store } from '../refresh/store.js';
import { accountPage, tally } from './account-tallies.js';
import type { AccountQuery, AccountTally, Tallies } from './account-tallies.js';
import { accountStatus, type AccountStatus } from './account-status.js';
import type { Moment } from './moment.js';
import { overview, type Overview } from './overview.js';
import { selectAccounts } from './pack-accounts.js';
import type { PackAccountSelection, SelectedAccounts } from './pack-accounts.js';
import { findPack, packDetail, type PackDetailStatus } from './pack-detail.js';
import { allPacks, packPage, type PackQuery } from './pack-list.js';
import type { PackKey, PackStatus } from './pack-status.js';
import type { Page } from './page.js';

/**
 * What the pages and the JSON show, as of the moment of each call. Everything comes from memory; what
 * it returns is plain data that becomes JSON as it is, with times in ISO 8601 and without what is not
 * known.
 */
export interface Status {
  overview(): Overview;
  /** All packs, the worst first. */
  allPacks(): readonly PackStatus[];
  packs(query: PackQuery): Page<PackStatus>;
  /** `undefined` where there is no such pack. */
  pack(key: PackKey): PackDetailStatus | undefined;
  /** `undefined` where there is no such pack. */
  packAccounts(key: PackKey, selection: PackAccountSelection): SelectedAccounts | undefined;
  accounts(query: AccountQuery): Page<AccountTally>;
  /** `undefined` where nobody knows the account. */
  account(accountId: string): AccountStatus | undefined;
}

export interface StatusOptions {
  readonly store: Store;
  readonly views: Views;
  /** Data older than this is withdrawn; 0 for never. In milliseconds. */
  readonly maxStalenessMs: number;
  readonly version: string;
  readonly clock: Clock;
}

export function createStatus(options: StatusOptions): Status {
  const { clock, maxStalenessMs, store, version, views } = options;
  const lifetimeMs = maxStalenessMs === 0 ? Infinity : maxStalenessMs;
  const present = (): Moment => {
    const now = clock();
    return { now, view: views.at(now), scopes: store.states, lifetimeMs };
  };
  const talliesOf = onceFor(tally);
  return {
    overview: () => {
      const moment = present();
      return overview(moment, version, talliesOf(moment));
    },
    allPacks: () => allPacks(present()),
    packs: (query) => packPage(present(), query),
    pack: (key) => {
      const moment = present();
      const pack = findPack(moment, key);
      return pack && packDetail(pack, moment);
    },
    packAccounts: (key, selection) => {
      const moment = present();
      const pack = findPack(moment, key);
      return pack && selectAccounts(pack.view, selection, moment);
    },
    accounts: (query) => accountPage(talliesOf(present()), query),
    account: (accountId) => accountStatus(accountId, present()),
  };
}

/** Tallies are made when somebody asks for them, once for each view. */
function onceFor(make: (moment: Moment) => Tallies): (moment: Moment) => Tallies {
  const made = new WeakMap<View, Tallies>();
  return (moment) => {
    const tallies = made.get(moment.view) ?? make(moment);
    made.set(moment.view, tallies);
    return tallies;
  };
}
