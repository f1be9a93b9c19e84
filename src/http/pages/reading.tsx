import type { JSX } from 'preact';
import type { FailureStatus } from '../../status/failure-status.js';
import type { ScopeStatus } from '../../status/scope-status.js';
import type { SourceStatus } from '../../status/source-status.js';
import { Advice } from './advice.js';
import { Ago, Badge } from './marks.js';
import { Cell, Head, Row, RowHead, Table } from './table.js';
import { grouped, SCOPE_STATE_WORDS } from './words.js';

/** Every scope: how old its data is, and how its last refresh went. */
export function ScopeTable({
  now,
  scopes,
}: {
  readonly scopes: readonly ScopeStatus[];
  readonly now: number;
}): JSX.Element {
  return (
    <Table
      caption="Scopes: each source in each Region, read in the background"
      isCaptionSeen
      heads={
        <>
          <Head>Source and Region</Head>
          <Head>Last refresh</Head>
          <Head>Packs listed</Head>
          <Head>Everything read</Head>
          <Head class="number">Packs</Head>
          <Head class="number">Took</Head>
        </>
      }
    >
      {scopes.map((scope) => (
        <ScopeRow key={`${scope.source} ${scope.region}`} scope={scope} now={now} />
      ))}
    </Table>
  );
}

function ScopeRow({
  now,
  scope,
}: {
  readonly scope: ScopeStatus;
  readonly now: number;
}): JSX.Element {
  const { lastRefresh, lastSuccessAt, listedAt, packs, progress, region, source, state } = scope;
  return (
    <Row>
      <RowHead>
        {source} <span class="under">{region}</span>
      </RowHead>
      <Cell>
        <Badge word={SCOPE_STATE_WORDS[state]} />
        {progress && <span class="under">now at {Math.floor(100 * progress.ratio)} %</span>}
      </Cell>
      <Cell label="Packs listed">
        <AgoOrNever now={now} time={listedAt} />
        {scope.withdrawn && <span class="under">Withdrawn: too long ago</span>}
      </Cell>
      <Cell label="Everything read">
        <AgoOrNever now={now} time={lastSuccessAt} />
      </Cell>
      <Cell class="number" label="Packs">
        {packs === undefined ? <Nothing /> : grouped(packs)}
      </Cell>
      <Cell class="number" label="Took">
        {lastRefresh ? `${lastRefresh.durationSeconds.toFixed(1)} s` : <Nothing />}
      </Cell>
    </Row>
  );
}

/** Every source: whose credentials it has, and what is known of its organization. */
export function SourceTable({
  now,
  sources,
}: {
  readonly sources: readonly SourceStatus[];
  readonly now: number;
}): JSX.Element {
  return (
    <Table
      caption="Sources, and the accounts of their organizations"
      isCaptionSeen
      heads={
        <>
          <Head>Source</Head>
          <Head>Credentials of</Head>
          <Head>Organization</Head>
          <Head class="number">Accounts</Head>
          <Head>Accounts read</Head>
        </>
      }
    >
      {sources.map((source) => (
        <SourceRow key={source.name} source={source} now={now} />
      ))}
    </Table>
  );
}

function SourceRow({
  now,
  source,
}: {
  readonly source: SourceStatus;
  readonly now: number;
}): JSX.Element {
  const { accounts, accountsReadAt, failures, name, organizationId, ownerAccountId } = source;
  return (
    <Row>
      <RowHead>{name}</RowHead>
      <Cell label="Credentials of">{ownerAccountId ?? <Nothing />}</Cell>
      <Cell label="Organization">{organizationId ?? <Nothing />}</Cell>
      <Cell class="number" label="Accounts">
        {accounts === undefined ? <Nothing /> : grouped(accounts)}
      </Cell>
      <Cell label="Accounts read">
        <AgoOrNever now={now} time={accountsReadAt} />
        <Failures failures={failures} />
      </Cell>
    </Row>
  );
}

/** Each reason once, with all that could not be had for it. */
function Failures({ failures }: { readonly failures: readonly FailureStatus[] }): JSX.Element {
  const reasons = [...new Set(failures.map(({ reason }) => reason))];
  return (
    <>
      {reasons.map((reason) => {
        const alike = failures.filter((failure) => failure.reason === reason);
        return (
          <div key={reason} class="message">
            <strong>{alike[0]?.summary}.</strong>{' '}
            <code>{alike.map(({ operation }) => operation).join(', ')}</code>
            <Advice text={alike[0]?.advice} />
            <p>{alike[0]?.message}</p>
          </div>
        );
      })}
    </>
  );
}

function AgoOrNever({
  now,
  time,
}: {
  readonly now: number;
  readonly time: string | undefined;
}): JSX.Element {
  return time === undefined ? <span class="faint">never</span> : <Ago now={now} time={time} />;
}

function Nothing(): JSX.Element {
  return <span class="faint">–</span>;
}
