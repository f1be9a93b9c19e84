import type { JSX } from 'preact';
import type { AccountIdentity } from '../../status/account-identity.js';
import { accountPath, linkTo, type Site } from './site.js';

/** The name and the id of an account, and its state where that is not the usual one. */
export function AccountName({
  account,
  site,
}: {
  readonly account: AccountIdentity;
  readonly site: Site;
}): JSX.Element {
  const { accountId, accountState, name } = account;
  return (
    <>
      <a class={name === undefined ? 'id' : undefined} href={linkTo(site, accountPath(accountId))}>
        {name ?? accountId}
      </a>
      <span class="under">
        {name !== undefined && <span class="id">{accountId}</span>}
        {accountState !== undefined && accountState !== 'ACTIVE' && (
          <span class="chip">{accountState}</span>
        )}
      </span>
    </>
  );
}
