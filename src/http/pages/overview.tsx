import type { JSX } from 'preact';
import type { Overview } from '../../status/overview.js';
import type { PackQuery } from '../../status/pack-list.js';
import type { PackStatus } from '../../status/pack-status.js';
import type { Page as ListPage } from '../../status/page.js';
import type { ScopeStatus } from '../../status/scope-status.js';
import { firstProgressOf } from './first-progress.js';
import { headlineOf, isFirstRefresh, isUnread } from './headline.js';
import { LOOK_OFTEN_SECONDS, LOOK_SECONDS, Page } from './layout.js';
import { Sign } from './marks.js';
import { PackList } from './pack-list.js';
import { ScopeTable, SourceTable } from './reading.js';
import type { Site } from './site.js';
import { Strip } from './strip.js';
import { Troubles } from './troubles.js';

export interface OverviewProps {
  readonly site: Site;
  readonly overview: Overview;
  readonly query: PackQuery;
  readonly packs: ListPage<PackStatus>;
}

export function OverviewPage({ overview, packs, query, site }: OverviewProps): JSX.Element {
  const now = Date.parse(overview.time);
  const { text, tone } = headlineOf(overview);
  const isFirst = isFirstRefresh(overview);
  const hasPacks = overview.summary.packs.total > 0;
  const isReading = overview.scopes.some(isUnread);
  return (
    <Page
      site={site}
      title={text}
      section="packs"
      refreshSeconds={isFirst ? LOOK_OFTEN_SECONDS : LOOK_SECONDS}
    >
      <div id="summary" data-live>
        <h1 class={`headline tone-${tone}`}>
          <Sign tone={tone} />
          {text}
        </h1>
        {overview.shard && <ShardNote shard={overview.shard} />}
        {isReading && <Progress scopes={overview.scopes} />}
        {isFirst && <p class="lead">This page refreshes by itself.</p>}
        {hasPacks && <Strip overview={overview} site={site} now={now} />}
        <Troubles troubles={overview.troubles} sources={overview.sources} site={site} />
      </div>
      {hasPacks && (
        <PackList site={site} overview={overview} packs={packs} query={query} now={now} />
      )}
      <section id="reading" aria-labelledby="reading-head" data-live>
        <h2 id="reading-head">What has been read</h2>
        <ScopeTable scopes={overview.scopes} now={now} />
        <SourceTable sources={overview.sources} now={now} />
      </section>
    </Page>
  );
}

/** That there are packs elsewhere, which nobody is to take for gone. */
function ShardNote({ shard }: { readonly shard: NonNullable<Overview['shard']> }): JSX.Element {
  return (
    <p class="lead">
      Shard {shard.index} of {shard.total}: the packs of the other shards are on their own pages.
    </p>
  );
}

/** How far the first refreshes have come. */
function Progress({ scopes }: { readonly scopes: readonly ScopeStatus[] }): JSX.Element {
  const { percent, text } = firstProgressOf(scopes);
  return (
    <div class="progress">
      <label for="progress">First refresh: {text === '' ? 'about to start' : text}</label>
      <progress id="progress" max={100} value={percent}>
        {percent} %
      </progress>
    </div>
  );
}
