import { describe, expect, it } from 'vitest';
import { isMismatch, rolloutOf } from '../../../src/conformance/rollout.js';
import { STATUSES } from '../../../src/conformance/status.js';
import { detailOf } from '../../support/columns.js';

/** Mixes of member accounts, and the verdict on each. */
const MIXES = {
  none: [[], 'unknown'],
  'all successful': [['CREATE_SUCCESSFUL', 'UPDATE_SUCCESSFUL'], 'complete'],
  'one failed': [['CREATE_SUCCESSFUL', 'CREATE_FAILED'], 'failed'],
  'one in progress': [['CREATE_SUCCESSFUL', 'UPDATE_IN_PROGRESS'], 'in_progress'],
  'one failed, one in progress': [['UPDATE_FAILED', 'UPDATE_IN_PROGRESS'], 'failed'],
  'one of unknown status': [['CREATE_SUCCESSFUL', 'PAUSED'], 'unknown'],
  'one of unknown status, one failed': [['PAUSED', 'DELETE_FAILED'], 'failed'],
  'one of unknown status, one in progress': [['PAUSED', 'CREATE_IN_PROGRESS'], 'in_progress'],
  'deletion under way': [['DELETE_SUCCESSFUL', 'DELETE_IN_PROGRESS'], 'in_progress'],
  'deletion failed in one': [['DELETE_SUCCESSFUL', 'DELETE_FAILED'], 'failed'],
  deleted: [['DELETE_SUCCESSFUL', 'DELETE_SUCCESSFUL'], 'deleted'],
  'deleted from one': [['CREATE_SUCCESSFUL', 'DELETE_SUCCESSFUL'], 'complete'],
} as const;
type Mix = keyof typeof MIXES;

function summaryOf(mix: Mix) {
  const [statuses] = MIXES[mix];
  const reports = statuses.map((status, i) => ({ accountId: String(i).padStart(12, '0'), status }));
  return detailOf(reports).summary;
}

/**
 * Whether each roll-up disagrees with each mix: `x` where it does, `.` where it does not, `?` where
 * nothing can be said. One column a roll-up: the nine statuses in their order, and an unknown one.
 */
// prettier-ignore
const MISMATCHES: Record<Mix, string> = {
  //                                         CREATE UPDATE DELETE unknown
  //                                         S P F  S P F  S P F
  none:                                     '? ? ?  ? ? ?  ? ? ?  ?',
  'all successful':                         '. x x  . x x  x x x  ?',
  'one failed':                             'x x .  x x .  x x .  ?',
  'one in progress':                        'x . x  x . x  x . x  ?',
  'one failed, one in progress':            'x . .  x . .  x . .  ?',
  'one of unknown status':                  '? ? ?  ? ? ?  ? ? ?  ?',
  'one of unknown status, one failed':      'x x .  x x .  x x .  ?',
  'one of unknown status, one in progress': 'x . x  x . x  x . x  ?',
  'deletion under way':                     'x . x  x . x  x . x  ?',
  'deletion failed in one':                 'x x .  x x .  x x .  ?',
  deleted:                                  'x x x  x x x  . x x  ?',
  'deleted from one':                       '. x x  . x x  x x x  ?',
};

const mixes = Object.keys(MIXES) as Mix[];

describe('rolloutOf', () => {
  it.each(mixes)('with %s', (mix) => {
    expect(rolloutOf(summaryOf(mix))).toBe(MIXES[mix][1]);
  });

  it('of accounts that were never read is unknown', () => {
    expect(rolloutOf(undefined)).toBe('unknown');
  });
});

describe('isMismatch', () => {
  it.each(mixes)('with %s', (mix) => {
    const summary = summaryOf(mix);
    const marks = [...STATUSES, 'ROLLED_BACK'].map((status) => {
      const mismatch = isMismatch(status, summary);
      return mismatch === undefined ? '?' : mismatch ? 'x' : '.';
    });
    expect(marks.join('')).toBe(MISMATCHES[mix].replaceAll(' ', ''));
  });
});
