import pLimit from 'p-limit';
import { explained } from './explain.js';
import type { ConfigApi, Operation } from './port.js';

/**
 * At most `limit` calls at a time, as a decorator over the port. Concurrency belongs outside and the
 * rate inside, next to the wire: the other way round, calls that hold a turn of the rate would wait
 * for a free place and then all start at once.
 */
export function withConcurrency(api: ConfigApi, limit: number): ConfigApi {
  const places = pLimit(limit);
  // Whoever waits for a place is given up as soon as the signal aborts.
  const limited = <T>(
    operation: Operation,
    outer: AbortSignal,
    call: (signal: AbortSignal) => Promise<T>,
  ) =>
    explained(operation, outer, (signal) =>
      places(() => {
        signal.throwIfAborted();
        return call(signal);
      }),
    );
  return {
    packStatuses: (page) =>
      limited('DescribeOrganizationConformancePackStatuses', page.signal, (signal) =>
        api.packStatuses({ ...page, signal }),
      ),
    packs: (page) =>
      limited('DescribeOrganizationConformancePacks', page.signal, (signal) =>
        api.packs({ ...page, signal }),
      ),
    packAccounts: (pack, page) =>
      limited('GetOrganizationConformancePackDetailedStatus', page.signal, (signal) =>
        api.packAccounts(pack, { ...page, signal }),
      ),
    packAccount: (pack, accountId, outer) =>
      limited('GetOrganizationConformancePackDetailedStatus', outer, (signal) =>
        api.packAccount(pack, accountId, signal),
      ),
  };
}
