import type { JSX } from 'preact';
import { ERROR_CODES } from '../../conformance/error-code.js';
import { STANDINGS } from '../../status/members.js';
import type { Page, PageQuery } from '../../status/page.js';
import type {
  PackAccount,
  PackAccountSelection,
  PackAccountSortKey,
} from '../../status/pack-accounts.js';
import type { PackDetailStatus } from '../../status/pack-detail.js';
import { AccountName } from './account-name.js';
import { Choice, FilterForm } from './filter-form.js';
import { limitOf, sortText, type List } from './list.js';
import { Listing } from './listing.js';
import { Ago } from './marks.js';
import { Reason, Standing } from './member.js';
import { Shown } from './pager.js';
import { linkTo, packPath, type Site } from './site.js';
import { SortHead } from './sort-head.js';
import { Cell, Row, RowHead } from './table.js';
import { STANDING_WORDS } from './words.js';

/** The accounts of the pack, those that failed first. */
export function PackAccountList({
  accounts,
  now,
  pack,
  query,
  site,
}: {
  readonly site: Site;
  readonly pack: PackDetailStatus;
  readonly query: PackAccountSelection & PageQuery;
  readonly accounts: Page<PackAccount>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): JSX.Element {
  const { errorCode, q, standing, status } = query;
  const path = packPath(pack);
  const list: List<PackAccountSortKey> = {
    site,
    path,
    filter: { q, standing, status, errorCode, limit: limitOf(query) },
    sort: query.sort,
    defaultSort: 'standing',
  };
  const codes = pack.reasons.map((reason) => reason.errorCode);
  const choices = ERROR_CODES.filter((code) => codes.includes(code) || code === errorCode);
  return (
    <section id="accounts" aria-labelledby="accounts-head">
      <h2 id="accounts-head">Accounts</h2>
      <FilterForm list={list} placeholder="Name, id, unit, code or message">
        <Choice
          label="Standing"
          name="standing"
          any="Any standing"
          value={standing}
          options={STANDINGS}
          textOf={(each) => STANDING_WORDS[each].text}
        />
        {choices.length > 0 && (
          <Choice
            label="Error code"
            name="errorCode"
            any="Any code"
            value={errorCode}
            options={choices}
          />
        )}
        {status !== undefined && <input type="hidden" name="status" value={status} />}
      </FilterForm>
      <div class="list-head">
        <Shown list={list} page={accounts} noun="account" />
        <Downloads list={list} />
      </div>
      <Listing
        id="accounts-list"
        list={list}
        page={accounts}
        caption={`Accounts of ${pack.pack}`}
        heads={
          <>
            <SortHead list={list} sortKey="name">
              Account
            </SortHead>
            <SortHead list={list} sortKey="ouPath">
              Organizational unit
            </SortHead>
            <SortHead list={list} sortKey="standing">
              Status
            </SortHead>
            <SortHead list={list} sortKey="errorCode">
              Reason
            </SortHead>
            <SortHead list={list} sortKey="updatedAt" largestFirst>
              Since
            </SortHead>
          </>
        }
        row={(account) => (
          <AccountRow key={account.accountId} account={account} now={now} site={site} />
        )}
      />
    </section>
  );
}

/** All that match, in the order that is shown. */
function Downloads({ list }: { readonly list: List<PackAccountSortKey> }): JSX.Element {
  const query = { ...list.filter, limit: undefined, sort: sortText(list.sort, list) };
  const to = (extension: string) =>
    linkTo(list.site, `/api/v1${list.path}/accounts.${extension}`, query);
  return (
    <p id="downloads" class="downloads" data-live>
      Download as <a href={to('csv')}>CSV</a> or <a href={to('json')}>JSON</a>
    </p>
  );
}

function AccountRow({
  account,
  now,
  site,
}: {
  readonly account: PackAccount;
  readonly now: number;
  readonly site: Site;
}): JSX.Element {
  return (
    <Row>
      <RowHead>
        <AccountName account={account} site={site} />
      </RowHead>
      <Cell>{account.ouPath}</Cell>
      <Cell>
        <Standing member={account} />
      </Cell>
      <Cell class="reason">
        <Reason member={account} />
      </Cell>
      <Cell class="time" label="Since">
        {account.updatedAt !== undefined && <Ago now={now} time={account.updatedAt} />}
      </Cell>
    </Row>
  );
}
