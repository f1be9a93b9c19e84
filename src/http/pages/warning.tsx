import type { ComponentChildren, JSX } from 'preact';
import { Sign } from './marks.js';

/** What somebody has to know before relying on the rest. */
export function Warning({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class="notice tone-warning">
      <Sign tone="warning" />
      <div>{children}</div>
    </div>
  );
}
