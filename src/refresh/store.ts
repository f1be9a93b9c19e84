import type { Identity } from '../aws/port.js';
import type { OrganizationAccounts } from '../conformance/organization.js';
import type { Scope, Snapshot } from '../conformance/snapshot.js';
import type { Failure } from './result.js';

/** How far a refresh under way has come, in parts of the scope: its listing and each of its packs. */
export interface Progress {
  readonly done: number;
  /** At least `done`; grows once, when the packs have been listed. */
  readonly expected: number;
}

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
  /** Whose credentials it has; absent until that could be looked up. */
  readonly identity?: Identity | undefined;
  /** Such as `o-a1b2c3d4e5`; absent until it could be read. */
  readonly organizationId?: string | undefined;
  /** The accounts of its organization; absent until they could be read completely. */
  readonly organization?: OrganizationAccounts | undefined;
  /** What could not be read at the last refresh; absent until the source has been tried once. */
  readonly failures?: readonly Failure[] | undefined;
}

/**
 * The last known state of every scope and source: what a scrape reads and what a refresh replaces. States are
 * immutable and replaced as a whole, so that a reader never sees half a refresh.
 */
export class Store {
  readonly #states: ScopeState[];
  readonly #sources = new Map<string, SourceState>();
  #version = 0;

  constructor(scopes: readonly Pick<ScopeState, 'scope' | 'expectedPacks'>[]) {
    this.#states = [...scopes];
    for (const { scope } of scopes) this.#sources.set(scope.source, { name: scope.source });
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

  /** Adds what has been found out about a source. */
  learn(name: string, found: Omit<SourceState, 'name'>): void {
    this.#sources.set(name, { ...this.source(name), ...found });
    this.#version++;
  }

  progress(index: number, progress: Progress): void {
    this.#states[index] = { ...this.state(index), progress };
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
