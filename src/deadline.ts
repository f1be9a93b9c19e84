import { whenAborted } from './when-aborted.js';

/**
 * Does work with a signal that aborts when `stop` does, and after `timeoutMs`. Rejects as the work does.
 *
 * `AbortSignal.any` with `AbortSignal.timeout` would say the same in one line, but on Node.js 20 the
 * garbage collector takes the one from under the other, which then never aborts.
 */
export async function withDeadline<Result>(
  stop: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const expire = () => controller.abort(new DOMException('Out of time', 'TimeoutError'));
  const timer = setTimeout(expire, timeoutMs);
  const forget = whenAborted(stop, () => controller.abort(stop.reason));
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    forget();
  }
}
