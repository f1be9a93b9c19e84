import type { JSX } from 'preact';
import type { PackAccount, PackAccountSelection } from '../../status/pack-accounts.js';
import type { PackDetailStatus } from '../../status/pack-detail.js';
import type { Page as ListPage, PageQuery } from '../../status/page.js';
import { LOOK_SECONDS, Page } from './layout.js';
import { Badge } from './marks.js';
import { Message } from './member.js';
import { PackAccountList } from './pack-account-list.js';
import { PackFacts } from './pack-facts.js';
import { PackWarnings } from './pack-warnings.js';
import { RolloutBar } from './rollout-bar.js';
import { linkTo, packPath, runbookOf, type Site } from './site.js';
import { count, PACK_STATE_WORDS } from './words.js';

export interface PackProps {
  readonly site: Site;
  readonly pack: PackDetailStatus;
  readonly query: PackAccountSelection & PageQuery;
  readonly accounts: ListPage<PackAccount>;
}

export function PackPage({ accounts, pack, query, site }: PackProps): JSX.Element {
  const now = Date.parse(pack.time);
  return (
    <Page site={site} title={pack.pack} section="packs" refreshSeconds={LOOK_SECONDS}>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={linkTo(site, '/')}>Packs</a>
      </nav>
      <div id="pack" data-live>
        <h1 class="with-badge">
          {pack.pack} <Badge word={PACK_STATE_WORDS[pack.state]} />
        </h1>
        <PackWarnings pack={pack} now={now} />
        <RolloutBar pack={pack} />
        <PackFacts pack={pack} now={now} />
        <Reasons pack={pack} site={site} />
      </div>
      <PackAccountList site={site} pack={pack} query={query} accounts={accounts} now={now} />
    </Page>
  );
}

function Reasons({
  pack,
  site,
}: {
  readonly pack: PackDetailStatus;
  readonly site: Site;
}): JSX.Element | null {
  if (pack.reasons.length === 0) return null;
  const runbook = runbookOf(site, 'AWSConfigConformancePackAccountsFailed');
  return (
    <section aria-labelledby="reasons-head">
      <h2 id="reasons-head">Why it failed</h2>
      {runbook !== undefined && (
        <p class="lead">
          <a href={runbook}>What to do about each code</a> is in the runbook.
        </p>
      )}
      <ul class="reasons">
        {pack.reasons.map(({ accounts, errorCode, exampleMessage }) => (
          <li key={errorCode}>
            <a href={`${linkTo(site, packPath(pack), { standing: 'failed', errorCode })}#accounts`}>
              {count(accounts, 'account')}
            </a>{' '}
            <code>{errorCode}</code>
            {exampleMessage !== undefined && <Message text={exampleMessage} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
