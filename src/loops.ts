import type { Clock, Random } from './clock.js';
import type { Options } from './config/options.js';
import type { Logger } from './log.js';
import type { Refreshers } from './refreshers.js';
import { firstDelay, nextDelay, repeatForever, retryDelay, type Sleep } from './refresh/loop.js';

export interface LoopsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly sleep: Sleep;
}

/**
 * Refreshes every scope and every source again and again. The function that it returns abandons what
 * is under way, and resolves when all is at rest.
 */
export function startLoops(
  refreshers: Pick<Refreshers, 'scopes' | 'sources'>,
  options: Options,
  deps: LoopsDeps,
): () => Promise<void> {
  const { clock, logger, random, sleep } = deps;
  const interval = options['refresh.interval'];
  const accountsInterval = options['accounts.refresh-interval'];
  const scopes = refreshers.scopes.map((refresher) => ({
    run: (stop: AbortSignal) => refresher.refresh(stop),
    firstDelayMs: firstDelay(interval, random),
    nextDelayMs: (elapsedMs: number) => nextDelay(interval, elapsedMs, random),
    what: refresher.scope,
  }));
  const sources = refreshers.sources.map((refresher) => ({
    run: (stop: AbortSignal) => refresher.refresh(stop),
    firstDelayMs: 0,
    nextDelayMs: (elapsedMs: number) =>
      refresher.failuresInARow === 0
        ? nextDelay(accountsInterval, elapsedMs, random)
        : retryDelay(accountsInterval, refresher.failuresInARow, random),
    what: { source: refresher.name },
  }));
  const stopping = new AbortController();
  const loops = [...scopes, ...sources].map((loop) =>
    repeatForever({ ...loop, clock, logger, sleep }, stopping.signal),
  );
  return async () => {
    stopping.abort();
    await Promise.all(loops);
  };
}
