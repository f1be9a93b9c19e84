import type { ComponentChildren, JSX } from 'preact';
import type { FailureStatus } from '../../status/failure-status.js';
import type { Place, Trouble } from '../../status/overview.js';
import type { SourceStatus } from '../../status/source-status.js';
import { Advice } from './advice.js';
import { Sign } from './marks.js';
import { linkTo, packPath, type Site } from './site.js';
import { listingFailureOf } from './unlisted-accounts.js';
import { count, grouped } from './words.js';

/** Scopes of one trouble that are named; the others are counted. */
const NAMED_SCOPES = 8;

/** What could not be read, why, and what to do about it. */
export function Troubles({
  site,
  sources,
  troubles,
}: {
  readonly site: Site;
  readonly sources: readonly SourceStatus[];
  readonly troubles: readonly Trouble[];
}): JSX.Element | null {
  const unlisted = unlistedOf(sources, troubles);
  if (troubles.length === 0 && unlisted.length === 0) return null;
  return (
    <section class="troubles" aria-labelledby="troubles-head">
      <h2 id="troubles-head">What could not be read</h2>
      <ul>
        {troubles.map(({ places, ...failure }) => (
          <Notice key={`${failure.reason} ${failure.operation}`} failure={failure}>
            <Places places={places} site={site} />
          </Notice>
        ))}
        {unlisted.map(({ failure, source }) => (
          <Notice key={`${source} ${failure.operation}`} failure={failure}>
            <ul class="places">
              <li>{source} · accounts of the organization</li>
            </ul>
          </Notice>
        ))}
      </ul>
    </section>
  );
}

/** Sources whose accounts could not be listed, unless the same helps there as in a scope of theirs. */
function unlistedOf(
  sources: readonly SourceStatus[],
  troubles: readonly Trouble[],
): readonly { readonly source: string; readonly failure: FailureStatus }[] {
  return sources.flatMap((each) => {
    const source = each.name;
    const failure = listingFailureOf(each);
    const isTold = troubles.some(
      ({ advice, places, reason }) =>
        reason === failure?.reason &&
        advice === failure.advice &&
        places.some((place) => place.source === source),
    );
    return failure === undefined || isTold ? [] : [{ source, failure }];
  });
}

function Notice({
  children,
  failure: { advice, message, operation, summary },
}: {
  readonly failure: FailureStatus;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <li class="notice tone-warning">
      <Sign tone="warning" />
      <div>
        <p>
          <strong>{summary}.</strong> <code>{operation}</code>
        </p>
        <Advice text={advice} />
        <p class="message">{message}</p>
        {children}
      </div>
    </li>
  );
}

function Places({
  places,
  site,
}: {
  readonly places: readonly Place[];
  readonly site: Site;
}): JSX.Element {
  const scopes = new Map<string, Place[]>();
  for (const place of places) {
    const scope = `${place.source} · ${place.region}`;
    scopes.set(scope, [...(scopes.get(scope) ?? []), place]);
  }
  const more = scopes.size - NAMED_SCOPES;
  return (
    <ul class="places">
      {[...scopes].slice(0, NAMED_SCOPES).map(([scope, inScope]) => (
        <li key={scope}>
          {scope}
          <PacksOf places={inScope} site={site} />
        </li>
      ))}
      {more > 0 && <li>and {grouped(more)} more</li>}
    </ul>
  );
}

function PacksOf({
  places,
  site,
}: {
  readonly places: readonly Place[];
  readonly site: Site;
}): JSX.Element | null {
  const [first, ...others] = places;
  if (first?.pack === undefined) return null;
  if (others.length > 0) return <> ({count(places.length, 'pack')})</>;
  const { pack, region, source } = first;
  return (
    <>
      {' · '}
      <a href={linkTo(site, packPath({ source, region, pack }))}>{pack}</a>
    </>
  );
}
