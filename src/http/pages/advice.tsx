import type { JSX } from 'preact';

/** What to do about a failure, on a line of its own; nothing where nobody knows. */
export function Advice({ text }: { readonly text: string | undefined }): JSX.Element | null {
  if (text === undefined) return null;
  return (
    <p class="advice">
      <span aria-hidden="true">→ </span>
      {text.charAt(0).toUpperCase()}
      {text.slice(1)}
    </p>
  );
}
