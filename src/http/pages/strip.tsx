import type { ComponentChildren, JSX } from 'preact';
import type { Overview } from '../../status/overview.js';
import type { PackState } from '../../status/pack-status.js';
import { firstProgressOf } from './first-progress.js';
import { Ago, Sign } from './marks.js';
import { linkTo, type Site } from './site.js';
import { listingFailureOf } from './unlisted-accounts.js';
import { count, grouped, groupedOrNothing, PACK_STATE_WORDS, type Tone } from './words.js';

/** How many of everything there are. */
export function Strip({
  now,
  overview: { scopes, sources, summary },
  site,
}: {
  readonly overview: Overview;
  readonly site: Site;
  readonly now: number;
}): JSX.Element {
  const { accounts, packs } = summary;
  const of = (state: PackState) => packs.byState.find((each) => each.state === state)?.packs ?? 0;
  const isWhollyRead = packs.read === packs.total - of('absent');
  const readPacks = count(packs.read, 'pack');
  const stateTile = (state: PackState, number: number | undefined, note: string) => (
    <Tile
      href={linkTo(site, '/', { state })}
      tone={of(state) === 0 ? 'neutral' : PACK_STATE_WORDS[state].tone}
      name={PACK_STATE_WORDS[state].text}
      value={groupedOrNothing(number)}
      note={note}
    />
  );
  const plainTile = (state: PackState) =>
    stateTile(state, of(state), `of ${count(packs.total, 'pack')}`);
  // A verdict is known of those packs only whose accounts are.
  const verdictTile = (state: PackState) => {
    if (isWhollyRead) return plainTile(state);
    return packs.read === 0
      ? stateTile(state, undefined, 'no pack could be read')
      : stateTile(state, of(state), `of the ${readPacks} that could be read`);
  };
  const troubled = scopes.filter(
    ({ state, withdrawn }) => state === 'failed' || state === 'partial' || withdrawn,
  ).length;
  const areUnlisted = accounts.missing === undefined && sources.some(listingFailureOf);
  return (
    <ul class="strip">
      {verdictTile('failed')}
      {of('absent') > 0 && plainTile('absent')}
      {of('unknown') > 0 && plainTile('unknown')}
      {verdictTile('in_progress')}
      {verdictTile('complete')}
      <Tile
        href={linkTo(site, '/accounts', { standing: 'failed' })}
        tone={(accounts.failed ?? 0) > 0 ? 'failed' : 'neutral'}
        name="Accounts failing"
        value={groupedOrNothing(accounts.failed)}
        note={
          accounts.failed === undefined
            ? 'no pack could be read'
            : `of ${count(accounts.total, 'account')}${isWhollyRead ? '' : `, in the ${readPacks} that could be read`}`
        }
      />
      {((accounts.missing ?? 0) > 0 || areUnlisted) && (
        <Tile
          href={linkTo(site, '/accounts', { standing: 'missing' })}
          tone="warning"
          name="Accounts missing"
          value={groupedOrNothing(accounts.missing)}
          note={areUnlisted ? 'accounts could not be listed' : 'from at least one pack'}
        />
      )}
      {packs.mismatches > 0 && (
        <Tile
          tone="warning"
          name="Roll-up wrong"
          value={grouped(packs.mismatches)}
          note="AWS disagrees with its accounts"
        />
      )}
      <Tile
        href="#reading"
        tone={troubled > 0 ? 'warning' : 'neutral'}
        name="Oldest data"
        value={<Ago now={now} time={summary.oldestDataAt} />}
        note={
          troubled > 0
            ? `${troubled} of ${summary.scopes.total} scopes not fully read`
            : `${firstProgressOf(scopes).read} of ${count(scopes.length, 'scope')} read`
        }
      />
    </ul>
  );
}

function Tile({
  href,
  name,
  note,
  tone,
  value,
}: {
  readonly href?: string;
  readonly tone: Tone;
  readonly name: string;
  readonly value: ComponentChildren;
  readonly note: string;
}): JSX.Element {
  const content = (
    <>
      <span class="tile-name">
        {tone !== 'neutral' && <Sign tone={tone} />}
        {name}
      </span>
      <span class="tile-value">{value}</span>
      <span class="tile-note">{note}</span>
    </>
  );
  return (
    <li class={`tile tone-${tone}`}>
      {href === undefined ? <div>{content}</div> : <a href={href}>{content}</a>}
    </li>
  );
}
