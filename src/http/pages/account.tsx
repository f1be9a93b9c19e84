import type { JSX } from 'preact';
import type { AccountPack, AccountStatus } from '../../status/account-status.js';
import { Fact } from './fact.js';
import { LOOK_SECONDS, Page } from './layout.js';
import { Ago, exactly } from './marks.js';
import { Reason, Standing } from './member.js';
import { linkTo, packPath, type Site } from './site.js';
import { Cell, Head, Row, RowHead, Table } from './table.js';
import { Warning } from './warning.js';
import { count } from './words.js';

export interface AccountProps {
  readonly site: Site;
  readonly account: AccountStatus;
}

export function AccountPage({ account, site }: AccountProps): JSX.Element {
  const { accountId, accountState, joinedAt, name, ouPath, packs, unreadPacks } = account;
  const failed = packs.filter(({ standing }) => standing === 'failed').length;
  return (
    <Page site={site} title={name ?? accountId} section="accounts" refreshSeconds={LOOK_SECONDS}>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={linkTo(site, '/accounts')}>Accounts</a>
      </nav>
      <div id="account" data-live>
        <h1>{name ?? accountId}</h1>
        <dl class="facts">
          <Fact name="Account">{accountId}</Fact>
          <Fact name="Organizational unit">{ouPath}</Fact>
          <Fact name="State">{accountState}</Fact>
          <Fact name="Joined">{joinedAt && exactly(joinedAt)}</Fact>
          <Fact name="Packs">
            {packs.length === 0 && unreadPacks > 0
              ? undefined
              : `${failed} failed of ${count(packs.length, 'pack')}`}
          </Fact>
        </dl>
        {unreadPacks > 0 && (
          <Warning>
            <strong>
              The accounts of{' '}
              <a href={linkTo(site, '/', { state: 'unknown' })}>
                {count(unreadPacks, packs.length === 0 ? 'pack' : 'other pack')}
              </a>{' '}
              could not be read,
            </strong>{' '}
            so their status in this account is unknown.
          </Warning>
        )}
        <PackTable packs={packs} now={Date.parse(account.time)} site={site} />
      </div>
    </Page>
  );
}

function PackTable({
  now,
  packs,
  site,
}: {
  readonly packs: readonly AccountPack[];
  readonly now: number;
  readonly site: Site;
}): JSX.Element {
  if (packs.length === 0)
    return <p class="lead">No pack that has been read applies to this account.</p>;
  return (
    <Table
      caption="Packs of the account"
      heads={
        <>
          <Head>Pack</Head>
          <Head>Status</Head>
          <Head>Reason</Head>
          <Head>Since</Head>
        </>
      }
    >
      {packs.map((pack) => (
        <Row key={packPath(pack)}>
          <RowHead>
            <a href={linkTo(site, packPath(pack))}>{pack.pack}</a>
            <span class="under">
              {pack.region} · {pack.source}
            </span>
          </RowHead>
          <Cell>
            <Standing member={pack} />
          </Cell>
          <Cell class="reason">
            <Reason member={pack} />
          </Cell>
          <Cell class="time" label="Since">
            {pack.updatedAt !== undefined && <Ago now={now} time={pack.updatedAt} />}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
