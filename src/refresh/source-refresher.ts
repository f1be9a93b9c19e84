import { AwsError } from '../aws/errors.js';
import type { OrganizationsApi } from '../aws/port.js';
import type { Clock } from '../clock.js';
import { withDeadline } from '../deadline.js';
import type { Logger } from '../log.js';
import type { Identities, IdentifiedSource } from './identities.js';
import { listAccounts, organizationOf, readUnitNames } from './read-organization.js';
import type { Failure } from './result.js';
import type { Store } from './store.js';

export interface SourceRefresherOptions {
  readonly source: Pick<IdentifiedSource, 'name' | 'api'>;
  readonly identities: Identities;
  readonly api: OrganizationsApi;
  /** Whether the accounts of the organization are read. */
  readonly readsAccounts: boolean;
  readonly store: Store;
  /** Deadline over the whole, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of every call that was given up. */
  readonly onFailure: (failure: Failure) => void;
}

/**
 * Finds out what is to be known of a source beside its packs: whose credentials it has, which
 * organization that is, and its accounts. Optional, all of it: what cannot be read is not shown, and
 * costs no pack anything.
 */
export class SourceRefresher {
  readonly #options: SourceRefresherOptions;
  #failuresInARow = 0;

  constructor(options: SourceRefresherOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.source.name;
  }

  /** How many refreshes in a row could not read the accounts. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  /** Whether the last refresh could read the accounts, if it was to; the rest gives labels only. */
  get complete(): boolean {
    return this.#failuresInARow === 0;
  }

  /** Resolves when the store holds what could be read. What AWS refuses is told, never thrown. */
  async refresh(stop: AbortSignal): Promise<void> {
    const { readsAccounts, timeoutMs } = this.#options;
    const results = await withDeadline(stop, timeoutMs, (signal) => {
      // Whoever leaves the accounts out may have no way to AWS Organizations at all.
      const reads = readsAccounts
        ? [this.#identify(signal), this.#findOrganization(signal), this.#readAccounts(signal)]
        : [this.#identify(signal)];
      return Promise.allSettled(reads);
    });
    if (stop.aborted) return;
    const failures = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => failureOf(reason));
    for (const failure of failures) this.#tell(failure);
    const accountsFailed = failures.some(({ operation }) => operation === 'ListAccounts');
    this.#failuresInARow = accountsFailed ? this.#failuresInARow + 1 : 0;
    this.#options.store.learn(this.name, { tried: true, failures });
  }

  async #identify(signal: AbortSignal): Promise<void> {
    const { identities, source, store } = this.#options;
    const identity = await identities.of(source, signal);
    store.learn(this.name, { identity });
  }

  async #findOrganization(signal: AbortSignal): Promise<void> {
    const { api, store } = this.#options;
    if (store.source(this.name).organizationId !== undefined) return;
    store.learn(this.name, { organizationId: await api.organizationId(signal) });
  }

  async #readAccounts(signal: AbortSignal): Promise<void> {
    const { api, clock, logger, store } = this.#options;
    const names = store.source(this.name).organization?.unitNames ?? new Map();
    const listed = await listAccounts(api, signal);
    // Names of units may take minutes, and are the least that is known of an account.
    const organization = organizationOf(listed, names, clock());
    store.learn(this.name, { organization });
    const fields = { event: 'accounts_read', source: this.name, accounts: listed.length };
    logger.info(fields, 'Read the accounts of the organization');
    const { failure, names: now } = await readUnitNames(api, listed, names, signal);
    store.learn(this.name, { organization: organizationOf(listed, now, organization.readAt) });
    if (failure !== undefined) throw failure;
    const units = { event: 'units_read', source: this.name, units: now.size };
    logger.debug(units, 'Read the names of the organizational units');
  }

  #tell(failure: Failure): void {
    this.#options.onFailure(failure);
    const { message: error, ...rest } = failure;
    const fields = { event: 'read_failed', source: this.name, ...rest, error };
    this.#options.logger.warn(fields, 'Could not read from AWS');
  }
}

/** Anything but an error of AWS is a defect of ours. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof AwsError)) throw error;
  const { advice, operation, problem, reason } = error;
  return { operation, reason, message: problem, advice };
}
