import { addProgress } from '../../refresh/progress.js';
import type { ScopeStatus } from '../../status/scope-status.js';
import { isUnread } from './headline.js';
import { count, grouped } from './words.js';

/** How far the first refreshes have come. */
export interface FirstProgress {
  /** Scopes of which the first refresh has ended, well or badly, or that are known from before. */
  readonly read: number;
  /** Of all scopes alike, however many packs each has. */
  readonly percent: number;
  /** The same in words. */
  readonly text: string;
}

export function firstProgressOf(scopes: readonly ScopeStatus[]): FirstProgress {
  const unread = scopes.filter(isUnread);
  const underWay = unread.map(({ progress }) => progress).filter((each) => each !== undefined);
  const read = scopes.length - unread.length;
  const shares = underWay.reduce((sum, { ratio }) => sum + ratio, read);
  const { done, expected, secondsLeft } = addProgress(underWay);
  // Nobody knows what is still to come in a scope that waits for its turn.
  const isWhole = underWay.length === unread.length;
  const calls =
    expected === undefined
      ? count(done, 'AWS API call')
      : `${grouped(done)} of ${count(expected, 'AWS API call')}`;
  const parts = [
    ...(scopes.length > 1 ? [`${read} of ${scopes.length} scopes read`] : []),
    ...(underWay.length > 0 ? [`${calls}${read > 0 ? ' in the others' : ''}`] : []),
    ...(isWhole && secondsLeft !== undefined && unread.length > 0 ? [timeLeft(secondsLeft)] : []),
  ];
  return {
    read,
    percent: Math.floor((100 * shares) / Math.max(1, scopes.length)),
    text: parts.join(', '),
  };
}

function timeLeft(seconds: number): string {
  if (seconds < 90) return `about ${count(Math.max(1, seconds), 'second')} left`;
  return `about ${count(Math.round(seconds / 60), 'minute')} left`;
}
