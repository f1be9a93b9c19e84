import type { JSX } from 'preact';
import { ago, type Tone, type Word } from './words.js';

/** What each tone is drawn as, so that nothing is told by colour alone. In a square of 16. */
const SIGNS: Readonly<Record<Tone, string>> = {
  failed: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2.5v7M8 12.5v1',
  progress: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  good: 'M3 8.5l3.5 3.5 6.5-8',
  neutral: 'M4 8h8',
};

/** A sign that says nothing that does not stand beside it in words. */
export function Sign({ tone }: { readonly tone: Tone }): JSX.Element {
  return (
    <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SIGNS[tone]} />
    </svg>
  );
}

export function Badge({ word }: { readonly word: Word }): JSX.Element {
  return (
    <span class={`badge tone-${word.tone}`}>
      <Sign tone={word.tone} />
      {word.text}
    </span>
  );
}

/** A time as seen from `now`, in milliseconds since the epoch; the exact one stands behind it. */
export function Ago({
  now,
  time,
}: {
  readonly now: number;
  readonly time: string | undefined;
}): JSX.Element {
  if (time === undefined) return <span class="faint">unknown</span>;
  return (
    <time dateTime={time} title={exactly(time)}>
      {ago(now - Date.parse(time))}
    </time>
  );
}

/** As in "2026-11-24 20:39:12 UTC". */
export function exactly(time: string): string {
  return time.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
