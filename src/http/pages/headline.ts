import type { Overview } from '../../status/overview.js';
import type { PackState } from '../../status/pack-status.js';
import type { ScopeStatus } from '../../status/scope-status.js';
import { shortfallOf } from './shortfall.js';
import { count, grouped, has, is, type Tone } from './words.js';

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

/**
 * What is the matter with the packs that are known, followed by the scopes that it says nothing of. All
 * is well only where everything has been read.
 */
export function headlineOf(overview: Overview): Headline {
  if (isFirstRefresh(overview)) {
    const failed = shortfallOf(overview.scopes.filter((scope) => !isUnread(scope)));
    const text = 'AWS is being read for the first time';
    return failed === undefined
      ? { tone: 'progress', text }
      : { tone: 'warning', text: `${text}; ${failed.text}` };
  }
  if (overview.summary.packs.total === 0 && !overview.scopes.some(isRead)) {
    return { tone: 'failed', text: 'Nothing could be read from AWS' };
  }
  const shortfall = shortfallOf(overview.scopes);
  const { text, tone } = verdictOf(overview, shortfall === undefined);
  if (shortfall === undefined) return { tone, text };
  const isWell = tone === 'good' || tone === 'neutral';
  return { tone: isWell ? shortfall.tone : tone, text: `${text}; ${shortfall.text}` };
}

/** What is the matter with the packs that are known; those are not all of them where not all was read. */
function verdictOf({ summary }: Overview, isWhole: boolean): Headline {
  const { accounts, packs } = summary;
  const { failed: failedIn = 0, missing = 0 } = accounts;
  const of = (state: PackState) => packs.byState.find((each) => each.state === state)?.packs ?? 0;
  const share = (number: number) => `${number} of ${count(packs.total, 'pack')}`;

  if (of('failed') > 0) {
    const where = failedIn > 0 ? `, in ${count(failedIn, 'account')}` : '';
    return { tone: 'failed', text: `${share(of('failed'))} ${has(of('failed'))} failed${where}` };
  }
  if (of('absent') > 0) {
    const text = `${count(of('absent'), 'expected pack')} ${is(of('absent'))} not deployed`;
    return { tone: 'failed', text };
  }
  if (packs.total === 0) {
    const text = isWhole
      ? 'There are no organization conformance packs'
      : 'No organization conformance pack is known';
    return { tone: 'neutral', text };
  }
  if (of('unknown') > 0) {
    const text = `The state of ${share(of('unknown'))} is unknown`;
    const { failedByRollUp } = packs;
    if (failedByRollUp === 0) return { tone: 'warning', text };
    const reported = `AWS reports ${grouped(failedByRollUp)} of them as failed`;
    return { tone: 'failed', text: `${text}, and ${reported}` };
  }
  if (of('in_progress') > 0) {
    const text = `${share(of('in_progress'))} ${is(of('in_progress'))} being rolled out`;
    return { tone: 'progress', text };
  }
  const every = isWhole ? 'Every pack' : 'Every known pack';
  if (missing > 0) {
    const text = `${every} is complete, but ${count(missing, 'account')} ${is(missing)} missing`;
    return { tone: 'warning', text };
  }
  if (of('complete') === 0) return { tone: 'neutral', text: `${every} has been deleted` };
  return { tone: 'good', text: `${every} is complete` };
}
