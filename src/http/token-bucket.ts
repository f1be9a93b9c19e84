import type { Clock } from '../clock.js';
import type { RateLimit } from './web-settings.js';

/**
 * Whether one more request may pass now. The bucket begins full, and is full again where the limit
 * has changed.
 */
export function tokenBucket(clock: Clock): (limit: RateLimit) => boolean {
  let tokens = 0;
  let filledAt = 0;
  let current: RateLimit | undefined;
  return (limit) => {
    const { burst, intervalMs } = limit;
    const now = clock();
    if (current?.burst !== burst || current.intervalMs !== intervalMs) tokens = burst;
    // A clock that was set back takes nothing away.
    else tokens = Math.min(burst, tokens + Math.max(0, now - filledAt) / intervalMs);
    current = limit;
    filledAt = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
