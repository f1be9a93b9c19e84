import type { AccountReport } from '../../src/conformance/account-columns.js';
import type { OrganizationAccount } from '../../src/conformance/organization.js';
import { isMismatch } from '../../src/conformance/rollout.js';
import type { Pack, RollUp } from '../../src/conformance/snapshot.js';
import { Views } from '../../src/metrics/view.js';
import type { Failure } from '../../src/refresh/result.js';
import type { Store } from '../../src/refresh/store.js';
import type { Moment } from '../../src/status/moment.js';
import { detailOf, packOf } from './columns.js';
import { VIEW_DEFAULTS } from './render.js';

/** What is known at a moment, in milliseconds since the epoch. */
export async function momentOf(store: Store, now = 0, maxStalenessMs = 0): Promise<Moment> {
  const views = new Views(store, { ...VIEW_DEFAULTS, maxStalenessMs });
  return { now, view: await views.at(now), scopes: [...store.states] };
}

export const accountId = (n: number) => String(n).padStart(12, '0');

/** A pack with these accounts, its roll-up held against them, and no exclusions. */
export function packWith(
  name: string,
  reports: readonly AccountReport[],
  rollUp: RollUp = { status: 'CREATE_SUCCESSFUL' },
  readAt = 0,
): Pack {
  const detail = detailOf(reports, readAt);
  return packOf(name, {
    rollUp,
    description: { arn: `arn:aws:config:${name}`, excludedAccounts: [] },
    detail: { ...detail, mismatch: isMismatch(rollUp.status, detail.summary) },
  });
}

/** So many accounts in a status, numbered from `first`. */
export function reports(status: string, count: number, first = 1): AccountReport[] {
  return Array.from({ length: count }, (_, index) => ({
    accountId: accountId(first + index),
    status,
  }));
}

/** Makes known the accounts of an organization. */
export function learnOrganization(
  store: Store,
  accounts: readonly (Pick<OrganizationAccount, 'id'> & Partial<OrganizationAccount>)[],
  source = 'default',
): void {
  const known = accounts.map((account) => ({
    name: '',
    state: 'ACTIVE',
    joinedAt: undefined,
    unitId: '',
    unitPath: '',
    ...account,
  }));
  store.learn(source, {
    organization: {
      readAt: 0,
      managementAccountId: undefined,
      accounts: new Map(known.map((account) => [account.id, account])),
      unitNames: new Map(),
    },
  });
}

/** Ends a refresh of a scope badly. */
export function failWith(store: Store, index: number, ...failures: Failure[]): void {
  const refresh = { endedAt: 5_000, durationMs: 1_000, successful: false, failures };
  store.complete(index, refresh, undefined);
}
