import { whenAborted } from '../when-aborted.js';

/**
 * Does work with a signal of its own that aborts when `parent` does. Settles as the work does, or rejects
 * with the reason as soon as `parent` aborts: the SDK heeds a signal once it sends, and not while it waits
 * for credentials. Does nothing where `parent` has aborted.
 */
export async function untilAborted<T>(
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  parent.throwIfAborted();
  const own = new AbortController();
  let forget: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    forget = whenAborted(parent, () => {
      reject(parent.reason as Error);
      own.abort(parent.reason);
    });
  });
  try {
    return await Promise.race([work(own.signal), aborted]);
  } finally {
    forget?.();
  }
}
