import type { OrganizationAccounts } from '../conformance/organization.js';
import type { View } from '../metrics/view.js';
import type { ScopeState, SourceState } from '../refresh/store.js';

/** What the status is told from, as of one moment. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What scrapes show, too: without what is too old to be trusted. */
  readonly view: View;
  readonly scopes: readonly ScopeState[];
}

export function sourceOf({ view }: Moment, name: string): SourceState | undefined {
  return view.known.find((source) => source.name === name);
}

/** The accounts that a source's packs are held against; `undefined` where they are not known. */
export function organizationOf(moment: Moment, source: string): OrganizationAccounts | undefined {
  return sourceOf(moment, source)?.organization;
}

/** As ISO 8601, in UTC; `undefined` where there is no time, or none that a calendar can hold. */
export function isoTime(ms: number | undefined): string | undefined {
  const time = new Date(ms ?? NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
