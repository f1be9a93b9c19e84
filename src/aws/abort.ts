/**
 * Does work with a signal of its own that aborts when `parent` does. Settles as the work does, or rejects
 * with the reason as soon as `parent` aborts: the SDK heeds a signal once it sends, and not while it waits
 * for credentials.
 *
 * A signal of its own, since an event target links each listener to the next, and leaves those linked
 * that it removes. What thousands of calls left behind would hold on to one another, through all
 * collections but the full ones.
 */
export async function untilAborted<T>(
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
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

/** What is to be done when a signal aborts: with one listener, and in an array, which links nothing. */
const waiting = new WeakMap<AbortSignal, (() => void)[]>();

/** Returns what undoes it. */
function whenAborted(signal: AbortSignal, abort: () => void): () => void {
  if (signal.aborted) {
    abort();
    return () => undefined;
  }
  const all = waiting.get(signal) ?? listenTo(signal);
  all.push(abort);
  return () => {
    const index = all.indexOf(abort);
    if (index >= 0) all.splice(index, 1);
  };
}

function listenTo(signal: AbortSignal): (() => void)[] {
  const all: (() => void)[] = [];
  waiting.set(signal, all);
  signal.addEventListener('abort', () => all.splice(0).forEach((abort) => abort()), { once: true });
  return all;
}
