import pLimit from 'p-limit';
import pThrottle from 'p-throttle';
import { explained } from './explain.js';
import type { ConfigApi, Operation, OrganizationsApi } from './port.js';

/**
 * Limits on what AWS is asked, as decorators over the port. Concurrency belongs outside and the rate
 * inside, next to the wire: the other way round, calls that hold a turn of the rate would wait for a
 * free place and then all start at once.
 */

/** At most `limit` calls at a time. */
export function withConcurrency(api: ConfigApi, limit: number): ConfigApi {
  const places = pLimit(limit);
  return decorateConfig(api, (signal, call) =>
    untilAborted(
      signal,
      places(() => {
        signal.throwIfAborted();
        return call();
      }),
    ),
  );
}

/** A timer is good for this many milliseconds; turns that come faster are given out in groups. */
const SHORTEST_INTERVAL_MS = 20;

/** Calls start evenly spaced, `perSecond` a second and no faster; fractions are rates too. */
export function withRateLimit(api: ConfigApi, perSecond: number): ConfigApi {
  return decorateConfig(api, inTurn(perSecond));
}

/** As {@link withRateLimit}, for AWS Organizations. */
export function withGentleRate(api: OrganizationsApi, perSecond: number): OrganizationsApi {
  const around = inTurn(perSecond);
  return {
    organizationId: (signal) =>
      explained('DescribeOrganization', () => around(signal, () => api.organizationId(signal))),
    accounts: (page) =>
      explained('ListAccounts', () => around(page.signal, () => api.accounts(page))),
    unitName: (unitId, signal) =>
      explained('DescribeOrganizationalUnit', () =>
        around(signal, () => api.unitName(unitId, signal)),
      ),
  };
}

function inTurn(perSecond: number): Around {
  const limit = Math.max(1, Math.ceil((perSecond * SHORTEST_INTERVAL_MS) / 1000));
  const turn = pThrottle({ limit, interval: (limit * 1000) / perSecond })(() => Promise.resolve());
  return async (signal, call) => {
    await untilAborted(signal, turn());
    return call();
  };
}

type Around = <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>;

function decorateConfig(api: ConfigApi, around: Around): ConfigApi {
  const limited = <T>(operation: Operation, signal: AbortSignal, call: () => Promise<T>) =>
    explained(operation, () => around(signal, call));
  return {
    packStatuses: (page) =>
      limited('DescribeOrganizationConformancePackStatuses', page.signal, () =>
        api.packStatuses(page),
      ),
    packs: (page) =>
      limited('DescribeOrganizationConformancePacks', page.signal, () => api.packs(page)),
    packAccounts: (pack, page) =>
      limited('GetOrganizationConformancePackDetailedStatus', page.signal, () =>
        api.packAccounts(pack, page),
      ),
    packAccount: (pack, accountId, signal) =>
      limited('GetOrganizationConformancePackDetailedStatus', signal, () =>
        api.packAccount(pack, accountId, signal),
      ),
  };
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
  }
}
