import { reportsAccount } from '../conformance/coverage.js';
import type { OrganizationAccounts } from '../conformance/organization.js';
import type { ScopeState, SourceState } from '../refresh/store.js';
import { isFresh, type ExpectedAccounts, type Freshness } from './pack-view.js';

/** What the sources show. */
export interface SourcesView {
  /** Without what is too old to be trusted. */
  readonly states: readonly SourceState[];
  /** What the packs of each source are held against, by its name. */
  readonly expected: ReadonlyMap<string, ExpectedAccounts>;
  /** When the next part of it becomes too old, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

export function viewSources(
  sources: readonly SourceState[],
  scopes: readonly ScopeState[],
  freshness: Freshness,
): SourcesView {
  const expected = new Map<string, ExpectedAccounts>();
  let expiresAt = Infinity;
  const states = sources.map((source) => {
    const { name, organization } = source;
    if (organization === undefined || !isFresh(freshness, organization.readAt)) {
      return { ...source, organization: undefined };
    }
    expiresAt = Math.min(expiresAt, organization.readAt + freshness.lifetimeMs);
    const own = scopes.filter(({ scope }) => scope.source === name);
    const expectsManagement = reportsManagement(organization, own);
    expected.set(name, { organization, expectsManagement });
    return source;
  });
  return { states, expected, expiresAt };
}

/**
 * Whether any pack of a source reports the account that manages the organization. Where one does, all
 * are expected to; the packs of another source may have been deployed to other accounts.
 */
function reportsManagement(
  { managementAccountId }: OrganizationAccounts,
  scopes: readonly ScopeState[],
): boolean {
  if (managementAccountId === undefined) return false;
  return scopes.some(({ snapshot }) =>
    snapshot?.packs.some(
      ({ detail }) => detail && reportsAccount(detail.accounts, managementAccountId),
    ),
  );
}
