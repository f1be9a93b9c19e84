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

/**
 * Whether work ends within `timeoutMs`. What does not is left to itself: for what cannot be cancelled. Rejects
 * as the work does.
 */
export async function endsWithin(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([work.then(() => true), expired]);
  } finally {
    clearTimeout(timer);
  }
}
