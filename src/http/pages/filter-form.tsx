import type { ComponentChildren, JSX } from 'preact';
import { isFiltered, sortText, type List } from './list.js';
import { linkTo } from './site.js';

/** The form that filters a list. Works by itself; with a script, while somebody types. */
export function FilterForm<Key extends string>({
  children,
  list,
  placeholder,
}: {
  readonly list: List<Key>;
  readonly placeholder: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { filter, path, site } = list;
  const sort = sortText(list.sort, list);
  return (
    <form class="filter" method="get" action={linkTo(site, path)} role="search" data-filter>
      <label>
        <span>Search</span>
        <input
          type="search"
          name="q"
          value={filter['q']}
          placeholder={placeholder}
          maxLength={256}
        />
      </label>
      {children}
      {sort !== undefined && <input type="hidden" name="sort" value={sort} />}
      {filter['limit'] !== undefined && (
        <input type="hidden" name="limit" value={filter['limit']} />
      )}
      <button type="submit">Filter</button>
      <span id="reset" data-live>
        {isFiltered(list) && (
          <a class="reset" href={linkTo(site, path)}>
            Reset
          </a>
        )}
      </span>
    </form>
  );
}

/** One choice of the form. */
export function Choice<Value extends string>({
  any,
  label,
  name,
  options,
  textOf = (value) => value,
  value,
}: {
  readonly label: string;
  readonly name: string;
  /** What to choose for no restriction. */
  readonly any: string;
  readonly options: readonly Value[];
  /** What an option says; itself, by default. */
  readonly textOf?: (value: Value) => string;
  readonly value: string | undefined;
}): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option} value={option} selected={option === value}>
            {textOf(option)}
          </option>
        ))}
      </select>
    </label>
  );
}
