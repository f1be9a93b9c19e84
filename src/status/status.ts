import type { Clock } from '../clock.js';
import { inSlices } from '../metrics/slices.js';
import type { View, Views } from '../metrics/view.js';
import type { Shard } from '../refresh/shard.js';
import type { Store } from '../refresh/store.js';
import { accountPage, tally } from './account-tallies.js';
import type { AccountQuery, AccountTallyPage } from './account-tallies.js';
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
 * What the pages and the JSON show, as of one moment. Everything comes from memory; what it returns is
 * plain data that becomes JSON as it is, with times in ISO 8601 and without what is not known.
 */
export interface Status {
  overview(): Promise<Overview>;
  /** All packs, the worst first. */
  allPacks(): readonly PackStatus[];
  packs(query: PackQuery): Page<PackStatus>;
  /** `undefined` where there is no such pack. */
  pack(key: PackKey): PackDetailStatus | undefined;
  /** `undefined` where there is no such pack. */
  packAccounts(key: PackKey, selection: PackAccountSelection): SelectedAccounts | undefined;
  accounts(query: AccountQuery): Promise<AccountTallyPage>;
  /** `undefined` where nobody knows the account. */
  account(accountId: string): AccountStatus | undefined;
}

/** Takes the status as it is now. */
export type StatusReader = () => Promise<Status>;

export interface StatusOptions {
  readonly store: Store;
  readonly views: Views;
  readonly shard: Shard;
  readonly version: string;
  readonly clock: Clock;
}

export function createStatusReader(options: StatusOptions): StatusReader {
  const { clock, shard, store, version, views } = options;
  const exporter = { version, shard: shard.total === 1 ? undefined : shard };
  const talliesOf = onceForEach((view: View) => inSlices(tally(view)));
  return async () => {
    const now = clock();
    const view = await views.at(now);
    const moment: Moment = { now, view, scopes: [...store.states] };
    const find = (key: PackKey) => findPack(moment, key);
    return {
      overview: async () => overview(moment, exporter, await talliesOf(view)),
      allPacks: () => allPacks(moment),
      packs: (query) => packPage(moment, query),
      pack: (key) => {
        const pack = find(key);
        return pack && packDetail(pack, moment);
      },
      packAccounts: (key, selection) => {
        const pack = find(key);
        return pack && selectAccounts(pack.view, selection, moment);
      },
      accounts: async (query) => accountPage(await talliesOf(view), query),
      account: (accountId) => accountStatus(accountId, moment),
    };
  };
}

/** Makes something when it is asked for, once for each thing that it is made of. */
function onceForEach<Key extends object, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new WeakMap<Key, Made>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
