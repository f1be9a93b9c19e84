/** How far a refresh under way has come, in calls of AWS Config. */
export interface Progress {
  /** Calls that AWS has answered. */
  readonly done: number;
  /**
   * Calls that the refresh takes, as far as can be told: more than `done` until its end. While nobody
   * knows how many accounts there are, as many as in the largest organizations.
   */
  readonly expected: number;
  /** Whether somebody knows, so that `expected` is worth telling. */
  readonly sized: boolean;
  /** Milliseconds that a call has taken lately, those that run side by side counted once. */
  readonly callMs?: number | undefined;
}

/** The same for whoever reads it. */
export interface ProgressReport {
  readonly done: number;
  /** Absent while nobody knows how many accounts there are. */
  readonly expected?: number | undefined;
  /** How long it still takes at the pace of late, in whole seconds; absent as well until then. */
  readonly secondsLeft?: number | undefined;
}

export function reportProgress({ callMs, done, expected, sized }: Progress): ProgressReport {
  if (!sized) return { done };
  const secondsLeft =
    callMs === undefined ? undefined : Math.ceil(((expected - done) * callMs) / 1000);
  return { done, expected, secondsLeft };
}

/** What refreshes side by side come to; what is not known of one of them is not known of them all. */
export function addProgress(reports: readonly ProgressReport[]): ProgressReport {
  return reports.reduce<ProgressReport>(
    (sum, { done, expected, secondsLeft }) => ({
      done: sum.done + done,
      expected: add(sum.expected, expected),
      secondsLeft:
        sum.secondsLeft === undefined || secondsLeft === undefined
          ? undefined
          : Math.max(sum.secondsLeft, secondsLeft),
    }),
    { done: 0, expected: 0, secondsLeft: 0 },
  );
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
