import { setMaxListeners } from 'node:events';

/** Aborts when `stop` does, and after `timeoutMs`. */
export function deadline(stop: AbortSignal, timeoutMs: number): AbortSignal {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
  // Every call of a refresh listens to it; so many listeners are no leak.
  setMaxListeners(0, signal);
  return signal;
}
