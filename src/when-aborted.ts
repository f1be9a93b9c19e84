/** What is to be done when a signal aborts. */
const waiting = new WeakMap<AbortSignal, (() => void)[]>();

/**
 * Does something when a signal aborts; at once, where it has. Returns what undoes it.
 *
 * One listener does it for all, since an event target links each listener to the next, and leaves those
 * linked that it removes. On a signal that outlives thousands of calls, what they left behind would hold
 * on to one another, through all collections but the full ones. An array links nothing; a `Set` would,
 * by the tables that it has outgrown.
 */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act();
    return () => undefined;
  }
  const acts = waiting.get(signal) ?? listenTo(signal);
  acts.push(act);
  return () => {
    const index = acts.indexOf(act);
    if (index >= 0) acts.splice(index, 1);
  };
}

function listenTo(signal: AbortSignal): (() => void)[] {
  const acts: (() => void)[] = [];
  waiting.set(signal, acts);
  signal.addEventListener('abort', () => acts.splice(0).forEach((act) => act()), { once: true });
  return acts;
}
