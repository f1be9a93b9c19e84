import type { JSX } from 'preact';
import type { Place, Trouble } from '../../status/overview.js';
import { Advice } from './advice.js';
import { Sign } from './marks.js';
import { linkTo, packPath, type Site } from './site.js';
import { count, grouped } from './words.js';

/** Scopes of one trouble that are named; the others are counted. */
const NAMED_SCOPES = 8;

/** What could not be read, why, and what to do about it. */
export function Troubles({
  site,
  troubles,
}: {
  readonly site: Site;
  readonly troubles: readonly Trouble[];
}): JSX.Element | null {
  if (troubles.length === 0) return null;
  return (
    <section class="troubles" aria-labelledby="troubles-head">
      <h2 id="troubles-head">What could not be read</h2>
      <ul>
        {troubles.map(({ advice, message, operation, places, reason, summary }) => (
          <li key={`${reason} ${operation}`} class="notice tone-warning">
            <Sign tone="warning" />
            <div>
              <p>
                <strong>{summary}.</strong> <code>{operation}</code>
              </p>
              <Advice text={advice} />
              <p class="message">{message}</p>
              <Places places={places} site={site} />
            </div>
          </li>
        ))}
      </ul>
    </section>
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
