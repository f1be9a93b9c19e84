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
    places(() => {
      signal.throwIfAborted();
      return call();
    }),
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
  const limited = limitedBy(inTurn(perSecond));
  return {
    organizationId: (signal) =>
      limited('DescribeOrganization', signal, () => api.organizationId(signal)),
    accounts: (page) => limited('ListAccounts', page.signal, () => api.accounts(page)),
    unitName: (unitId, signal) =>
      limited('DescribeOrganizationalUnit', signal, () => api.unitName(unitId, signal)),
  };
}

function inTurn(perSecond: number): Around {
  const limit = Math.max(1, Math.ceil((perSecond * SHORTEST_INTERVAL_MS) / 1000));
  const turn = pThrottle({ limit, interval: (limit * 1000) / perSecond })(() => Promise.resolve());
  return async (signal, call) => {
    await turn();
    signal.throwIfAborted();
    return call();
  };
}

type Around = <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>;

/** Whoever waits, for a place or for a turn, is given up as soon as the signal aborts. */
function limitedBy(around: Around) {
  return <T>(operation: Operation, signal: AbortSignal, call: () => Promise<T>) =>
    explained(operation, signal, () => around(signal, call));
}

function decorateConfig(api: ConfigApi, around: Around): ConfigApi {
  const limited = limitedBy(around);
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
