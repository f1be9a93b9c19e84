import type { Pack } from '../conformance/snapshot.js';
import {
  countTransitions,
  NO_TRANSITIONS,
  transitionsBetween,
  type Transitions,
} from '../conformance/transitions.js';

/** A pack, and what has become of it since the last refresh. */
export interface PackChange {
  readonly pack: Pack;
  /** The roll-up of before, where it has changed. */
  readonly rollUpBefore: string | undefined;
  /** Of its accounts; `undefined` where there is no reading of before, or none anew. */
  readonly transitions: Transitions | undefined;
}

/**
 * Holds a pack against what it was before. Transitions are those between two complete readings of
 * its accounts: a first reading has none, and neither has one that failed.
 */
export function followPack(pack: Omit<Pack, 'transitions'>, last: Pack | undefined): PackChange {
  const { description, detail, rollUp } = pack;
  // A pack of the same name that was made anew is another pack.
  const before = last?.description && last.description.arn !== description?.arn ? undefined : last;
  const isNew = detail !== undefined && detail !== before?.detail;
  const transitions =
    isNew && before?.detail !== undefined
      ? transitionsBetween(before.detail.accounts, detail.accounts)
      : undefined;
  const counts = before?.transitions ?? NO_TRANSITIONS;
  return {
    pack: { ...pack, transitions: transitions ? countTransitions(counts, transitions) : counts },
    rollUpBefore: before?.rollUp.status === rollUp.status ? undefined : before?.rollUp.status,
    transitions,
  };
}
