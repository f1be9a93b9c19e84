import type { Overview } from '../../status/overview.js';
import type { PackState } from '../../status/pack-status.js';
import type { ScopeStatus } from '../../status/scope-status.js';
import { count, type Tone } from './words.js';

/** The one sentence that somebody on call reads. */
export interface Headline {
  readonly tone: Tone;
  readonly text: string;
}

/** Whether nothing is known yet because the first refresh of every scope is still to end. */
export function isFirstRefresh({ scopes, summary }: Overview): boolean {
  return summary.packs.total === 0 && scopes.some(isUnread) && !scopes.some(isRead);
}

/** Whether the scope's first refresh is still to end, and nothing is known of it. */
export function isUnread({ state }: ScopeStatus): boolean {
  return state === 'waiting' || state === 'reading';
}

/** Whether the scope's packs are known. */
function isRead({ state }: ScopeStatus): boolean {
  return state === 'ok' || state === 'partial' || state === 'restored';
}

export function headlineOf(overview: Overview): Headline {
  const { scopes, summary } = overview;
  const { accounts, packs } = summary;
  const of = (state: PackState) => packs.byState.find((each) => each.state === state)?.packs ?? 0;
  const share = (number: number) => `${number} of ${count(packs.total, 'pack')}`;
  const has = (number: number) => (number === 1 ? 'has' : 'have');
  const is = (number: number) => (number === 1 ? 'is' : 'are');

  if (of('failed') > 0) {
    const where = accounts.failed > 0 ? `, in ${count(accounts.failed, 'account')}` : '';
    return { tone: 'failed', text: `${share(of('failed'))} ${has(of('failed'))} failed${where}` };
  }
  if (of('absent') > 0) {
    const text = `${count(of('absent'), 'expected pack')} ${is(of('absent'))} not deployed`;
    return { tone: 'failed', text };
  }
  if (isFirstRefresh(overview)) {
    return { tone: 'progress', text: 'AWS is being read for the first time' };
  }
  if (packs.total === 0) {
    return scopes.some(isRead)
      ? { tone: 'neutral', text: 'There are no organization conformance packs' }
      : { tone: 'failed', text: 'Nothing could be read from AWS' };
  }
  if (of('unknown') > 0) {
    return { tone: 'warning', text: `The state of ${share(of('unknown'))} is unknown` };
  }
  if (of('in_progress') > 0) {
    const text = `${share(of('in_progress'))} ${is(of('in_progress'))} being rolled out`;
    return { tone: 'progress', text };
  }
  if (accounts.missing > 0) {
    const text = `Every pack is complete, but ${count(accounts.missing, 'account')} ${is(accounts.missing)} missing`;
    return { tone: 'warning', text };
  }
  if (of('complete') === 0) return { tone: 'neutral', text: 'Every pack has been deleted' };
  return { tone: 'good', text: 'Every pack is complete' };
}
