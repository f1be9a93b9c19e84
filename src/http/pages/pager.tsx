import type { JSX } from 'preact';
import type { Page } from '../../status/page.js';
import { isFiltered, sortText, type List } from './list.js';
import { linkTo } from './site.js';
import { count, grouped } from './words.js';

/** Which part of the list is shown, and the way to the others. */
export function Pager<Item, Key extends string>({
  list,
  page,
}: {
  readonly list: List<Key>;
  readonly page: Page<Item>;
}): JSX.Element | null {
  const { limit, offset, total } = page;
  if (total <= limit && offset === 0) return null;
  const to = (start: number) =>
    linkTo(list.site, list.path, {
      ...list.filter,
      sort: sortText(list.sort, list),
      offset: start === 0 ? undefined : start,
    });
  const last = Math.max(0, Math.floor((total - 1) / limit) * limit);
  return (
    <nav class="pager" aria-label="Pagination">
      <Step href={offset > 0 ? to(0) : undefined} text="First" />
      <Step href={offset > 0 ? to(Math.max(0, offset - limit)) : undefined} text="Previous" />
      <span>
        Page {grouped(Math.floor(offset / limit) + 1)} of {grouped(last / limit + 1)}
      </span>
      <Step href={offset < last ? to(offset + limit) : undefined} text="Next" />
      <Step href={offset < last ? to(last) : undefined} text="Last" />
    </nav>
  );
}

function Step({ href, text }: { readonly href: string | undefined; readonly text: string }) {
  return href === undefined ? <span class="faint">{text}</span> : <a href={href}>{text}</a>;
}

/** How much of the list is shown. Told by a screen reader when it changes. */
export function Shown<Item, Key extends string>({
  list,
  noun,
  page,
}: {
  readonly list: List<Key>;
  readonly page: Page<Item>;
  readonly noun: string;
}): JSX.Element {
  return (
    <p id="shown" class="shown" role="status" data-live>
      {shownWords(page, noun, isFiltered(list))}
    </p>
  );
}

function shownWords<Item>({ items, offset, total }: Page<Item>, noun: string, filtered: boolean) {
  if (total === 0) return filtered ? `No ${noun} matches` : `No ${noun} is known`;
  if (items.length === total) return count(total, noun);
  const part =
    items.length === 0 ? 'None' : `${grouped(offset + 1)}–${grouped(offset + items.length)}`;
  return `${part} of ${count(total, noun)}`;
}
