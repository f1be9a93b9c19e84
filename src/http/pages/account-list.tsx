import type { JSX } from 'preact';
import type {
  AccountQuery,
  AccountSortKey,
  AccountTallyPage,
  PackBasis,
} from '../../status/account-tallies.js';
import { STANDINGS } from '../../status/members.js';
import { AccountName } from './account-name.js';
import { Choice, FilterForm } from './filter-form.js';
import { LOOK_SECONDS, Page } from './layout.js';
import { limitOf, type List } from './list.js';
import { Listing } from './listing.js';
import { Shown } from './pager.js';
import { linkTo, type Site } from './site.js';
import { SortHead } from './sort-head.js';
import { Cell, Head, Row, RowHead } from './table.js';
import { Warning } from './warning.js';
import { count, grouped, groupedOrNothing, STANDING_WORDS, type Tone } from './words.js';

export interface AccountListProps {
  readonly site: Site;
  readonly query: AccountQuery;
  readonly accounts: AccountTallyPage;
}

export function AccountListPage({ accounts, query, site }: AccountListProps): JSX.Element {
  const { q, standing } = query;
  const list: List<AccountSortKey> = {
    site,
    path: '/accounts',
    filter: { q, standing, limit: limitOf(query) },
    sort: query.sort,
    defaultSort: 'worst',
  };
  const hasUnknown = accounts.items.some(({ unknown = 0 }) => unknown > 0);
  return (
    <Page site={site} title="Accounts" section="accounts" refreshSeconds={LOOK_SECONDS}>
      <h1>Accounts</h1>
      <p class="lead">The number of packs in which each account failed, is missing, and so on.</p>
      <div id="basis" data-live>
        <Basis packs={accounts.packs} site={site} />
      </div>
      <FilterForm list={list} placeholder="Name, id or organizational unit">
        <Choice
          label="With a pack"
          name="standing"
          any="Any standing"
          value={standing}
          options={STANDINGS}
          textOf={(each) => STANDING_WORDS[each].text}
        />
      </FilterForm>
      <Shown list={list} page={accounts} noun="account" />
      <Listing
        id="accounts-list"
        list={list}
        page={accounts}
        caption="Accounts, and their packs by standing"
        heads={
          <>
            <SortHead list={list} sortKey="name">
              Account
            </SortHead>
            <SortHead list={list} sortKey="ouPath">
              Organizational unit
            </SortHead>
            <SortHead list={list} sortKey="failed" largestFirst class="number">
              Failed
            </SortHead>
            <SortHead list={list} sortKey="missing" largestFirst class="number">
              Missing
            </SortHead>
            {hasUnknown && <Head class="number">Unknown</Head>}
            <SortHead list={list} sortKey="inProgress" largestFirst class="number">
              In progress
            </SortHead>
            <SortHead list={list} sortKey="successful" largestFirst class="number">
              Successful
            </SortHead>
          </>
        }
        row={(account) => (
          <Row key={account.accountId}>
            <RowHead>
              <AccountName account={account} site={site} />
            </RowHead>
            <Cell>{account.ouPath}</Cell>
            <Count number={account.failed} tone="failed" text="Failed" />
            <Count number={account.missing} tone="warning" text="Missing" />
            {hasUnknown && <Count number={account.unknown} tone="warning" text="Unknown" />}
            <Count number={account.inProgress} tone="progress" text="In progress" />
            <Count number={account.successful} tone="good" text="Successful" />
          </Row>
        )}
      />
    </Page>
  );
}

/** What the counts do not rest on. */
function Basis({
  packs: { covered, read, total },
  site,
}: {
  readonly packs: PackBasis;
  readonly site: Site;
}): JSX.Element | null {
  return (
    <>
      {read < total && (
        <Warning>
          <strong>
            The accounts of{' '}
            <a href={linkTo(site, '/', { state: 'unknown' })}>
              {grouped(total - read)} of {count(total, 'pack')}
            </a>{' '}
            could not be read.
          </strong>{' '}
          {read > 0 && `The counts cover the other ${count(read, 'pack')}.`}
        </Warning>
      )}
      {covered < read && (
        <p class="lead">
          {covered === 0
            ? 'It is not known which accounts are missing.'
            : `Missing accounts are known for ${grouped(covered)} of ${count(read, 'pack')} only.`}
        </p>
      )}
    </>
  );
}

function Count({
  number,
  text,
  tone,
}: {
  /** `undefined` where nothing is known. */
  readonly number: number | undefined;
  readonly tone: Tone;
  readonly text: string;
}): JSX.Element {
  return (
    <Cell class={(number ?? 0) === 0 ? 'number faint' : `number strong-${tone}`} label={text}>
      {groupedOrNothing(number)}
    </Cell>
  );
}
