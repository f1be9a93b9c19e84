import type { JSX } from 'preact';
import type { AccountPack } from '../../status/account-status.js';
import { Badge } from './marks.js';
import { EXCUSE_WORDS, STANDING_WORDS, statusWords } from './words.js';

type Member = Pick<
  AccountPack,
  'standing' | 'status' | 'errorCode' | 'rawCode' | 'errorMessage' | 'excuse'
>;

/** Messages up to this long are shown as a whole; longer ones on demand. */
const SHORT_MESSAGE = 160;

/** How a pack stands in an account: as AWS reports it where that tells, and in our words otherwise. */
export function Standing({ member }: { readonly member: Member }): JSX.Element {
  const { excuse, standing, status } = member;
  const { text, tone } = STANDING_WORDS[standing];
  const tells = status !== undefined && standing !== 'missing';
  return (
    <>
      <Badge word={{ tone, text: tells ? statusWords(status) : text }} />
      {standing === 'unknown' && <span class="under">A status unknown to this version</span>}
      {excuse !== undefined && <span class="under">Excused: {EXCUSE_WORDS[excuse]}</span>}
    </>
  );
}

/** Why a pack failed in an account: the code, and the message as a whole. */
export function Reason({ member }: { readonly member: Member }): JSX.Element | null {
  const { errorCode, errorMessage, rawCode, standing } = member;
  if (errorCode === undefined && errorMessage === undefined) {
    return standing === 'missing' ? <>Not reported by AWS</> : null;
  }
  return (
    <>
      {errorCode !== undefined && <Code errorCode={errorCode} rawCode={rawCode} />}
      {errorMessage !== undefined && <Message text={errorMessage} />}
    </>
  );
}

/** An error code: as AWS gave it, where ours says only that it is another one. */
export function Code({
  errorCode,
  rawCode,
}: {
  readonly errorCode: string;
  readonly rawCode?: string | undefined;
}): JSX.Element {
  return <code>{rawCode === undefined ? errorCode : `${errorCode}: ${rawCode}`}</code>;
}

export function Message({ text }: { readonly text: string }): JSX.Element {
  if (text.length <= SHORT_MESSAGE) return <p class="message">{text}</p>;
  return (
    <details class="message">
      <summary>{text.slice(0, SHORT_MESSAGE)}…</summary>
      <p>{text}</p>
    </details>
  );
}
