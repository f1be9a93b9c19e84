import type { JSX } from 'preact';
import { LOOK_SECONDS, Page } from './layout.js';
import { linkTo, type Site } from './site.js';

/** A page that says why there is no other. */
export function RefusalPage({
  lines,
  site,
  title,
}: {
  readonly site: Site;
  readonly title: string;
  readonly lines: readonly string[];
}): JSX.Element {
  return (
    <Page site={site} title={title} refreshSeconds={LOOK_SECONDS}>
      <h1>{title}</h1>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p>
        <a href={linkTo(site, '/')}>All packs</a>
      </p>
    </Page>
  );
}
