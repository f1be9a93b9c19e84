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

/**
 * The last known state of every scope: what a scrape reads and what a refresh replaces. States are
 * immutable and replaced as a whole, so that a reader never sees half a refresh.
 */
export class Store {
  readonly #states: ScopeState[];
  #version = 0;

  constructor(scopes: readonly Pick<ScopeState, 'scope' | 'expectedPacks'>[]) {
    this.#states = [...scopes];
  }

  get states(): readonly ScopeState[] {
    return this.#states;
  }

  /** Changes whenever a snapshot, or what is known about its scope, does; not with progress. */
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
