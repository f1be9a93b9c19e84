import { AwsError } from '../aws/errors.js';
import type { Operation, OrganizationsApi } from '../aws/port.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import { deadline } from './deadline.js';
import type { Identities, IdentifiedSource } from './identities.js';
import { readOrganization } from './read-organization.js';
import type { Failure } from './result.js';
import type { Store } from './store.js';

export interface SourceRefresherOptions {
  readonly source: IdentifiedSource;
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
  #complete = false;

  constructor(options: SourceRefresherOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.source.name;
  }

  /** How many refreshes in a row could not read everything that they may. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  /** Whether the last refresh read everything that it may; what a role need not allow is left out. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Resolves when the store holds what could be read. What AWS refuses is told, never thrown. */
  async refresh(stop: AbortSignal): Promise<void> {
    const signal = deadline(stop, this.#options.timeoutMs);
    const results = await Promise.allSettled([
      this.#identify(signal),
      this.#findOrganization(signal),
      this.#readAccounts(signal),
    ]);
    if (stop.aborted) return;
    const failures = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => awsError(reason));
    this.#options.store.learn(this.name, { failures: failures.map(failureOf) });
    for (const failure of failures) this.#tell(failureOf(failure));
    this.#complete = failures.every(isOptional);
    this.#failuresInARow = this.#complete ? 0 : this.#failuresInARow + 1;
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
    const { api, clock, logger, readsAccounts, store } = this.#options;
    if (!readsAccounts) return;
    const previous = store.source(this.name).organization;
    const { failure, organization } = await readOrganization({ api, previous, clock, signal });
    store.learn(this.name, { organization });
    const accounts = organization.accounts.size;
    const fields = { event: 'accounts_read', source: this.name, accounts };
    logger.info(fields, 'Read the accounts of the organization');
    if (failure !== undefined) throw failure;
  }

  #tell(failure: Failure): void {
    this.#options.onFailure(failure);
    const fields = { event: 'read_failed', source: this.name, ...failure };
    this.#options.logger.warn(fields, 'Could not read from AWS');
  }
}

/** Operations that give labels and nothing else, and that a role need not allow. */
const OPTIONAL: ReadonlySet<Operation> = new Set([
  'DescribeOrganization',
  'DescribeOrganizationalUnit',
]);

/** Anything else is a defect of ours. */
function awsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  throw error;
}

function failureOf({ message, operation, reason }: AwsError): Failure {
  return { operation, reason, message };
}

function isOptional({ operation, reason }: AwsError): boolean {
  return reason === 'access_denied' && OPTIONAL.has(operation);
}
