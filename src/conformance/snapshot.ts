import type { AccountColumns } from './account-columns.js';
import type { AccountSummary } from './account-summary.js';
import type { TransitionCounts } from './transitions.js';

/** One (source, Region): the unit of refresh, of failure and of rate limiting. */
export interface Scope {
  readonly source: string;
  readonly region: string;
}

/** The status that AWS gives for the pack as a whole. */
export interface RollUp {
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt?: number | undefined;
  /** A value of the `error_code` label. */
  readonly errorCode?: string | undefined;
  /** The code as AWS gave it, where it is in no table. */
  readonly rawCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** What the description of a pack adds to its status. */
export interface PackDescription {
  readonly arn: string;
  readonly excludedAccounts: readonly string[];
}

/** The member accounts of a pack, as they were last read completely. */
export interface PackDetail {
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  readonly accounts: AccountColumns;
  readonly summary: AccountSummary;
  /** The roll-up that was read along with it; absent where nobody kept it. */
  readonly rollUp?: RollUp | undefined;
  /** Whether that roll-up disagrees; `undefined` for nobody knows. */
  readonly mismatch: boolean | undefined;
}

/** An organization conformance pack in one scope. */
export interface Pack {
  readonly name: string;
  readonly rollUp: RollUp;
  /** Absent until the description could be read once. */
  readonly description?: PackDescription | undefined;
  /** Absent until the accounts could be read once. */
  readonly detail?: PackDetail | undefined;
  /** Transitions of its accounts since it was first read. */
  readonly transitions: TransitionCounts;
}

/** The immutable result of a refresh of one scope. */
export interface Snapshot {
  /** When the packs were listed, in milliseconds since the epoch. */
  readonly listedAt: number;
  /** Names of all packs that AWS listed, before any filter. */
  readonly listed: ReadonlySet<string>;
  /** The packs kept, sorted by name, each once. */
  readonly packs: readonly Pack[];
}
