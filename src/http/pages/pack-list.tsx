import type { JSX } from 'preact';
import type { Overview } from '../../status/overview.js';
import type { PackQuery, PackSortKey } from '../../status/pack-list.js';
import { PACK_STATES, type PackStatus } from '../../status/pack-status.js';
import type { Page } from '../../status/page.js';
import { Choice, FilterForm } from './filter-form.js';
import { limitOf, type List } from './list.js';
import { Listing } from './listing.js';
import { Ago, Badge, Sign } from './marks.js';
import { Shown } from './pager.js';
import { RolloutBar } from './rollout-bar.js';
import { RollUp } from './roll-up.js';
import { linkTo, packPath, type Site } from './site.js';
import { SortHead } from './sort-head.js';
import { Cell, Head, Row, RowHead } from './table.js';
import { count, grouped, PACK_STATE_WORDS } from './words.js';

/** The packs, each with its verdict beside the roll-up of AWS. */
export function PackList({
  now,
  overview,
  packs,
  query,
  site,
}: {
  readonly site: Site;
  readonly overview: Overview;
  readonly query: PackQuery;
  readonly packs: Page<PackStatus>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): JSX.Element {
  const { q, region, source, state } = query;
  const list: List<PackSortKey> = {
    site,
    path: '/',
    filter: { q, state, source, region, limit: limitOf(query) },
    sort: query.sort,
    defaultSort: 'worst',
  };
  const sources = [...new Set(overview.scopes.map((scope) => scope.source))];
  const regions = [...new Set(overview.scopes.map((scope) => scope.region))].sort();
  return (
    <section id="packs" aria-labelledby="packs-head">
      <h2 id="packs-head">Packs</h2>
      <FilterForm list={list} placeholder="Pack, source or Region">
        <Choice
          label="State"
          name="state"
          any="Any state"
          value={state}
          options={PACK_STATES}
          textOf={(each) => PACK_STATE_WORDS[each].text}
        />
        {regions.length > 1 && (
          <Choice label="Region" name="region" any="Any Region" value={region} options={regions} />
        )}
        {sources.length > 1 && (
          <Choice label="Source" name="source" any="Any source" value={source} options={sources} />
        )}
      </FilterForm>
      <Shown list={list} page={packs} noun="pack" />
      <Listing
        id="packs-list"
        list={list}
        page={packs}
        caption="Organization conformance packs"
        heads={
          <>
            <SortHead list={list} sortKey="pack">
              Pack
            </SortHead>
            <SortHead list={list} sortKey="worst">
              Verdict
            </SortHead>
            <SortHead list={list} sortKey="failed" largestFirst>
              Accounts
            </SortHead>
            <Head>AWS’s roll-up</Head>
            <SortHead list={list} sortKey="updatedAt" largestFirst>
              Last update
            </SortHead>
            <Head>
              <span class="unseen">Elsewhere</span>
            </Head>
          </>
        }
        row={(pack) => (
          <PackRow
            key={packPath(pack)}
            site={site}
            pack={pack}
            now={now}
            showsSource={sources.length > 1}
          />
        )}
      />
    </section>
  );
}

function PackRow({
  now,
  pack,
  showsSource,
  site,
}: {
  readonly site: Site;
  readonly pack: PackStatus;
  readonly now: number;
  readonly showsSource: boolean;
}): JSX.Element {
  const { accounts, accountsReadAt, consoleUrl, failure, region, rollUp, source, state } = pack;
  return (
    <Row>
      <RowHead>
        <a href={linkTo(site, packPath(pack))}>{pack.pack}</a>
        <span class="under">
          {region}
          {showsSource && ` · ${source}`}
        </span>
      </RowHead>
      <Cell>
        <Badge word={PACK_STATE_WORDS[state]} />
      </Cell>
      <Cell class="wide">
        <RolloutBar pack={pack} />
        <Codes pack={pack} />
        {failure !== undefined && accounts !== undefined && (
          <span class="remark tone-warning">
            <Sign tone="warning" />
            <span>
              As of <Ago now={now} time={accountsReadAt} />; since then: {failure.summary}
            </span>
          </span>
        )}
      </Cell>
      <Cell label="AWS’s roll-up:">
        <RollUp pack={pack} />
      </Cell>
      <Cell class="time" label="Last update:">
        {rollUp && <Ago now={now} time={rollUp.updatedAt} />}
      </Cell>
      <Cell class="elsewhere">
        {consoleUrl !== undefined && (
          <a href={consoleUrl} rel="noreferrer">
            AWS console<span class="unseen"> in {region}</span>
          </a>
        )}
      </Cell>
    </Row>
  );
}

/** Error codes of one pack that are named; the others are counted. */
const NAMED_CODES = 2;

/** Why the pack failed where it did. */
function Codes({ pack }: { readonly pack: PackStatus }): JSX.Element | null {
  const codes = pack.accounts?.byErrorCode ?? [];
  if (codes.length === 0) return null;
  const more = codes.length - NAMED_CODES;
  return (
    <ul class="codes">
      {codes.slice(0, NAMED_CODES).map(({ accounts, errorCode }) => (
        <li key={errorCode}>
          {grouped(accounts)} × <code>{errorCode}</code>
        </li>
      ))}
      {more > 0 && <li>and {count(more, 'more code')}</li>}
    </ul>
  );
}
