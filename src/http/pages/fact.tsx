import type { ComponentChildren, JSX } from 'preact';

/** One thing that is known, by name; nothing where it is not. */
export function Fact({
  children,
  name,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}): JSX.Element | null {
  if (children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
