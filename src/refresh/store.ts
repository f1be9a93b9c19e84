import type { Identity } from '../aws/port.js';
import type { OrganizationAccounts } from '../conformance/organization.js';
import type { Scope, Snapshot } from '../conformance/snapshot.js';
import type { Progress } from './progress.js';
import type { Failure } from './result.js';

/** How the last refresh of a scope went. */
export interface LastRefresh {
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly durationMs: number;
  readonly successful: boolean;
  readonly failures: readonly Failure[];
}

/** All that is known of one scope. */
export interface ScopeState {
  readonly scope: Scope;
  /**
   * Whose credentials the source has, as far as the configuration says. What is known by one is nothing
   * that another knows.
   */
  readonly access?: string | undefined;
  /** Names of the packs that the operator expects to find here. */
  readonly expectedPacks: readonly string[];
  readonly snapshot?: Snapshot | undefined;
  /** Absent until the scope has been tried once. */
  readonly lastRefresh?: LastRefresh | undefined;
  /** End of the last successful refresh, in milliseconds since the epoch. */
  readonly lastSuccessAt?: number | undefined;
  /** Present while a refresh is under way. */
  readonly progress?: Progress | undefined;
}

/** All that is known of one source beside its packs. */
export interface SourceState {
  readonly name: string;
  /** Whether it has been asked once for all that follows. */
  readonly tried?: true | undefined;
  /** Whose credentials it has; absent until that could be looked up. */
  readonly identity?: Identity | undefined;
  /** Such as `o-a1b2c3d4e5`; absent until it could be read. */
  readonly organizationId?: string | undefined;
  /** The accounts of its organization; absent until they could be read completely. */
  readonly organization?: OrganizationAccounts | undefined;
  /** What could not be read at the last refresh; absent until the source has been tried once. */
  readonly failures?: readonly Failure[] | undefined;
}

/** What outlives the process, as {@link Store.restore} takes it. */
export interface KeptState {
  readonly scopes: readonly Pick<ScopeState, 'scope' | 'access' | 'snapshot' | 'lastSuccessAt'>[];
  readonly sources: readonly SourceState[];
}

/** A scope, as the configuration has it. */
export type StoreScope = Pick<ScopeState, 'scope' | 'access' | 'expectedPacks'>;

/**
 * The last known state of every scope and source: what a scrape reads and what a refresh replaces. States are
 * immutable and replaced as a whole, so that a reader never sees half a refresh.
 */
export class Store {
  #states: ScopeState[];
  #sources: Map<string, SourceState>;
  #version = 0;

  constructor(scopes: readonly StoreScope[]) {
    this.#states = [...scopes];
    this.#sources = sourcesOf(scopes);
  }

  get states(): readonly ScopeState[] {
    return this.#states;
  }

  get sources(): readonly SourceState[] {
    return [...this.#sources.values()];
  }

  /** Changes whenever what is known of a scope or a source does; not with progress. */
  get version(): number {
    return this.#version;
  }

  /** Whether every scope has been tried once, successfully or not. */
  get tried(): boolean {
    return this.#states.every(({ lastRefresh }) => lastRefresh !== undefined);
  }

  /** Whether something is known of every scope and every source, or each that is not was tried once. */
  get settled(): boolean {
    return (
      this.#states.every(({ lastRefresh, snapshot }) => lastRefresh ?? snapshot) &&
      this.sources.every(({ organization, tried }) => tried ?? organization)
    );
  }

  /** Where the state of a scope is, for the time being. Throws a `RangeError` where there is none. */
  indexOf({ region, source }: Scope): number {
    const index = this.#states.findIndex(
      ({ scope }) => scope.region === region && scope.source === source,
    );
    if (index < 0) throw new RangeError(`no scope ${region} of ${source}`);
    return index;
  }

  state(index: number): ScopeState {
    const state = this.#states[index];
    if (state === undefined) throw new RangeError(`no scope ${index}`);
    return state;
  }

  source(name: string): SourceState {
    const source = this.#sources.get(name);
    if (source === undefined) throw new RangeError(`no source ${name}`);
    return source;
  }

  /**
   * Goes on with other scopes. What is known of one that was there before stays, if its source still
   * has the same access. Indexes count anew.
   */
  reconfigure(scopes: readonly StoreScope[]): void {
    const before = new Map(this.#states.map((state) => [keyOf(state), state]));
    const sources = this.#sources;
    const staying = sameAccess(this.#states, scopes);
    this.#states = scopes.map((next) => ({ ...before.get(keyOf(next)), ...next }));
    this.#sources = sourcesOf(scopes);
    for (const name of staying) {
      const state = sources.get(name);
      if (state !== undefined) this.#sources.set(name, state);
    }
    this.#version++;
  }

  /** Takes over what was kept of the scopes and sources that there are. Tells of how many scopes. */
  restore({ scopes, sources }: KeptState): number {
    const kept = new Map(scopes.map((scope) => [keyOf(scope), scope]));
    const same = sameAccess(scopes, this.#states);
    let restored = 0;
    this.#states = this.#states.map((state) => {
      const known = kept.get(keyOf(state));
      if (known === undefined) return state;
      restored++;
      return { ...state, snapshot: known.snapshot, lastSuccessAt: known.lastSuccessAt };
    });
    for (const { name, ...found } of sources) {
      if (same.has(name)) this.learn(name, found);
    }
    this.#version++;
    return restored;
  }

  /** Adds what has been found out about a source. */
  learn(name: string, found: Omit<SourceState, 'name'>): void {
    const before = this.source(name);
    this.#sources.set(name, { ...before, ...found });
    const { identity } = found;
    // Another account under the same name has packs of its own.
    if (identity && before.identity && identity.accountId !== before.identity.accountId) {
      this.#states = this.#states.map((state) =>
        state.scope.source === name ? { ...state, snapshot: undefined } : state,
      );
    }
    this.#version++;
  }

  progress(index: number, progress: Progress): void {
    this.#states[index] = { ...this.state(index), progress };
  }

  /** Takes away what is known of a scope's packs. */
  forget(index: number): void {
    this.#states[index] = { ...this.state(index), snapshot: undefined };
    this.#version++;
  }

  /** Ends a refresh: `snapshot` replaces the last one where the refresh brought one. */
  complete(index: number, lastRefresh: LastRefresh, snapshot: Snapshot | undefined): void {
    const before = this.state(index);
    this.#states[index] = {
      ...before,
      snapshot: snapshot ?? before.snapshot,
      lastRefresh,
      lastSuccessAt: lastRefresh.successful ? lastRefresh.endedAt : before.lastSuccessAt,
    };
    this.#version++;
  }

  /** No refresh of this scope is under way any more, whatever it came to. */
  idle(index: number): void {
    this.#states[index] = { ...this.state(index), progress: undefined };
  }
}

/** What identifies a scope, and who reads it. */
function keyOf({ access, scope }: Pick<StoreScope, 'access' | 'scope'>): string {
  return JSON.stringify([scope.source, scope.region, access]);
}

/** Names of the sources that have the same access in both. */
function sameAccess(
  before: readonly Pick<StoreScope, 'access' | 'scope'>[],
  after: readonly Pick<StoreScope, 'access' | 'scope'>[],
): ReadonlySet<string> {
  const accesses = new Map(before.map(({ access, scope }) => [scope.source, access]));
  const same = after.filter(
    ({ access, scope: { source } }) => accesses.has(source) && accesses.get(source) === access,
  );
  return new Set(same.map(({ scope }) => scope.source));
}

function sourcesOf(scopes: readonly StoreScope[]): Map<string, SourceState> {
  return new Map(scopes.map(({ scope: { source } }) => [source, { name: source }]));
}
