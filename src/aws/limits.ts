import pLimit from 'p-limit';
import { explained } from './explain.js';
import type { ConfigApi, Operation, PageRequest } from './port.js';

/**
 * At most `limit` calls at a time, as a decorator over the port. Concurrency belongs outside and the
 * rate inside, next to the wire: the other way round, calls that hold a turn of the rate would wait
 * for a free place and then all start at once.
 */
export function withConcurrency(api: ConfigApi, limit: number): ConfigApi {
  const places = pLimit(limit);
  // No more than there are places come to the queue for them, so that it is short for who goes ahead.
  const queue = pLimit(limit);
  // Whoever waits for a place is given up as soon as the signal aborts.
  const limited = <T>(
    operation: Operation,
    { ahead = false, signal }: Pick<PageRequest, 'ahead' | 'signal'>,
    call: () => Promise<T>,
  ) => {
    const start = () =>
      places(() => {
        signal.throwIfAborted();
        return call();
      });
    return explained(operation, signal, () => (ahead ? start() : queue(start)));
  };
  return {
    packStatuses: (page) =>
      limited('DescribeOrganizationConformancePackStatuses', page, () => api.packStatuses(page)),
    packs: (page) => limited('DescribeOrganizationConformancePacks', page, () => api.packs(page)),
    packAccounts: (pack, page) =>
      limited('GetOrganizationConformancePackDetailedStatus', page, () =>
        api.packAccounts(pack, page),
      ),
    packAccount: (pack, accountId, signal) =>
      limited('GetOrganizationConformancePackDetailedStatus', { signal }, () =>
        api.packAccount(pack, accountId, signal),
      ),
  };
}
