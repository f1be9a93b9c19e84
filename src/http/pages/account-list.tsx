import type { JSX } from 'preact';
import type { AccountQuery, AccountSortKey, AccountTally } from '../../status/account-tallies.js';
import { STANDINGS } from '../../status/members.js';
import type { Page as ListPage } from '../../status/page.js';
import { AccountName } from './account-name.js';
import { Choice, FilterForm } from './filter-form.js';
import { LOOK_SECONDS, Page } from './layout.js';
import { limitOf, type List } from './list.js';
import { Pager, Shown } from './pager.js';
import type { Site } from './site.js';
import { SortHead } from './sort-head.js';
import { Cell, Head, Row, RowHead, Table } from './table.js';
import { grouped, STANDING_WORDS, type Tone } from './words.js';

export interface AccountListProps {
  readonly site: Site;
  readonly query: AccountQuery;
  readonly accounts: ListPage<AccountTally>;
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
  const hasUnknown = accounts.items.some(({ unknown }) => unknown > 0);
  return (
    <Page site={site} title="Accounts" section="accounts" refreshSeconds={LOOK_SECONDS}>
      <h1>Accounts</h1>
      <p class="lead">In how many packs each account failed, is missing, and so on.</p>
      <FilterForm list={list} placeholder="Name, id or organizational unit">
        <Choice
          label="Some pack"
          name="standing"
          any="Whatever the packs"
          value={standing}
          options={STANDINGS.map((value) => ({ value, text: STANDING_WORDS[value].text }))}
        />
      </FilterForm>
      <Shown list={list} page={accounts} noun="account" />
      <div id="accounts-list" data-live>
        {accounts.items.length > 0 && (
          <Table
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
          >
            {accounts.items.map((account) => (
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
            ))}
          </Table>
        )}
        <Pager list={list} page={accounts} />
      </div>
    </Page>
  );
}

function Count({
  number,
  text,
  tone,
}: {
  readonly number: number;
  readonly tone: Tone;
  readonly text: string;
}): JSX.Element {
  return (
    <Cell class={number === 0 ? 'number faint' : `number strong-${tone}`} label={text}>
      {grouped(number)}
    </Cell>
  );
}
