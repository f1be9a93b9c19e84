import type { ComponentChildren, JSX } from 'preact';

/**
 * Tables that fall apart into cards where there is little room. Each part names its role, since a
 * browser forgets it of whatever is no longer laid out as a table.
 */

export function Table({
  caption,
  children,
  heads,
  isCaptionSeen = false,
}: {
  readonly caption: string;
  readonly isCaptionSeen?: boolean;
  readonly heads: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <table role="table">
      <caption class={isCaptionSeen ? undefined : 'unseen'}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">{heads}</tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

export function Head({
  children,
  class: className,
  sorted,
}: {
  readonly class?: string | undefined;
  readonly sorted?: 'ascending' | 'descending' | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <th role="columnheader" scope="col" class={className} aria-sort={sorted}>
      {children}
    </th>
  );
}

export function Row({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <tr role="row">{children}</tr>;
}

export function RowHead({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <th role="rowheader" scope="row">
      {children}
    </th>
  );
}

export function Cell({
  children,
  class: className,
  label,
}: {
  readonly class?: string | undefined;
  /** What the column says, for where there is none. */
  readonly label?: string | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <td role="cell" class={className}>
      {label !== undefined && <span class="label">{label} </span>}
      {children}
    </td>
  );
}
