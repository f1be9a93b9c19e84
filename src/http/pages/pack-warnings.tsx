import type { JSX } from 'preact';
import type { PackStatus } from '../../status/pack-status.js';
import { Advice } from './advice.js';
import { Ago } from './marks.js';
import { Code, Message } from './member.js';
import { Warning } from './warning.js';
import { PACK_STATE_WORDS, statusWords } from './words.js';

/** What somebody has to know before relying on the rest. */
export function PackWarnings({
  now,
  pack,
}: {
  readonly pack: PackStatus;
  readonly now: number;
}): JSX.Element {
  const { accountsReadAt, failure, mismatch, rollUp, state, withdrawn } = pack;
  return (
    <>
      {mismatch === true && rollUp !== undefined && (
        <Warning>
          <strong>AWS’s roll-up and its accounts disagree.</strong> The roll-up is “
          {statusWords(rollUp.status)}”, the verdict from the accounts “
          {PACK_STATE_WORDS[state].text}”. AWS is known to leave roll-ups out of date; rely on the
          accounts.
        </Warning>
      )}
      {rollUp?.errorCode !== undefined || rollUp?.errorMessage !== undefined ? (
        <Warning>
          <strong>AWS reports an error for the pack as a whole.</strong>{' '}
          {rollUp.errorCode !== undefined && (
            <Code errorCode={rollUp.errorCode} rawCode={rollUp.rawCode} />
          )}
          {rollUp.errorMessage !== undefined && <Message text={rollUp.errorMessage} />}
        </Warning>
      ) : null}
      {failure !== undefined && (
        <Warning>
          <strong>The accounts could not be read in the last refresh: {failure.summary}.</strong>
          <Advice text={failure.advice} />
          <Message text={failure.message} />
          {accountsReadAt !== undefined && (
            <p>
              They were last read <Ago now={now} time={accountsReadAt} />.
            </p>
          )}
        </Warning>
      )}
      {withdrawn && (
        <Warning>
          <strong>Part of this is withdrawn,</strong> because it was read too long ago to rely on.
        </Warning>
      )}
    </>
  );
}
