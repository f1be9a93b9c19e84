import { setImmediate, setTimeout } from 'node:timers/promises';

/** Does a piece of work when its turn comes. Rejects where the work does. */
export type InTurn = <Result>(work: () => Result | Promise<Result>) => Promise<Result>;

/** Whose work has to wait for others. */
export interface Turns {
  readonly inTurn: InTurn;
  /** Lets nobody have a turn until `urgent` has ended, well or badly. */
  readonly giveWay: (urgent: Promise<unknown>) => void;
}

/** Whoever reads slowly what is urgent does not hold back all others for ever. */
const LONGEST_WAIT_MS = 1_000;

/**
 * Does one piece of work after the other, in the order in which they come, and lets the event loop go
 * round in between. So what is urgent waits for one piece of work at most, however many there are.
 */
export function createTurns(longestWaitMs = LONGEST_WAIT_MS): Turns {
  const urgent = new Set<Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();
  const ourTurn = async () => {
    await setImmediate();
    if (urgent.size === 0) return;
    const waiting = new AbortController();
    const { signal } = waiting;
    const longest = setTimeout(longestWaitMs, undefined, { signal }).catch(() => undefined);
    while (urgent.size > 0) {
      const isOver = await Promise.race([Promise.all(urgent), longest.then(() => true)]);
      if (isOver === true) return;
    }
    waiting.abort();
  };
  return {
    inTurn: (work) => {
      const turn = last.then(ourTurn).then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
    giveWay: (what) => {
      const ended = what
        .catch(() => undefined)
        .finally(() => {
          urgent.delete(ended);
        });
      urgent.add(ended);
    },
  };
}
