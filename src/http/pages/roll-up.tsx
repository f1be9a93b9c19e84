import type { JSX } from 'preact';
import type { PackStatus } from '../../status/pack-status.js';
import { Sign } from './marks.js';
import { statusWords } from './words.js';

/** What AWS says of a pack as a whole, marked where the accounts say something else. */
export function RollUp({ pack }: { readonly pack: PackStatus }): JSX.Element {
  const { mismatch, rollUp } = pack;
  if (rollUp === undefined) return <span class="faint">None</span>;
  return (
    <span class="roll-up">
      <span class={`status-${rollUp.outcome}`}>{statusWords(rollUp.status)}</span>
      {mismatch === true && (
        <span class="remark tone-warning">
          <Sign tone="warning" />
          Accounts disagree
        </span>
      )}
    </span>
  );
}
