import { setImmediate } from 'node:timers/promises';

/** A computation that may be interrupted wherever it yields. */
export type Sliced<Result> = Generator<undefined, Result>;

/** Others wait for no longer than this, and for what lies between two yields. */
const SLICE_MS = 4;

/** Carries a computation through, and lets others have their turn now and then. */
export async function inSlices<Result>(work: Sliced<Result>): Promise<Result> {
  for (;;) {
    const end = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await setImmediate();
  }
}
