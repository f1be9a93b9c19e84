import type { JSX } from 'preact';
import type { PackStatus } from '../../status/pack-status.js';
import { Fact } from './fact.js';
import { Ago } from './marks.js';
import { excusedIn } from './rollout-bar.js';
import { RollUp } from './roll-up.js';
import { count, grouped } from './words.js';

/** Where the pack is, and how old everything about it is. */
export function PackFacts({
  now,
  pack,
}: {
  readonly pack: PackStatus;
  readonly now: number;
}): JSX.Element {
  const { accounts, accountsReadAt, arn, consoleUrl, coverage, region, rollUp, source } = pack;
  return (
    <dl class="facts">
      <Fact name="Region">
        {region}
        {consoleUrl !== undefined && (
          <>
            {' · '}
            <a href={consoleUrl} rel="noreferrer">
              AWS console
            </a>
          </>
        )}
      </Fact>
      <Fact name="Source">{source}</Fact>
      <Fact name="AWS’s roll-up">
        <RollUp pack={pack} />
      </Fact>
      {rollUp && (
        <Fact name="Last update by AWS">
          <Ago now={now} time={rollUp.updatedAt} />
        </Fact>
      )}
      {accountsReadAt !== undefined && (
        <Fact name="Accounts read">
          <Ago now={now} time={accountsReadAt} />
        </Fact>
      )}
      {accounts?.failedSince !== undefined && (
        <Fact name="Oldest failure">
          <Ago now={now} time={accounts.failedSince} />
        </Fact>
      )}
      {accounts?.inProgressSince !== undefined && (
        <Fact name="Longest in progress">
          <Ago now={now} time={accounts.inProgressSince} />
        </Fact>
      )}
      {coverage && (
        <Fact name="Coverage">
          {count(coverage.missing, 'account')} missing, {grouped(coverage.excluded)} excluded
        </Fact>
      )}
      {coverage && excusedIn(coverage) > 0 && (
        <Fact name="Excused failures">
          {grouped(coverage.excused.new)} new, {grouped(coverage.excused.inactive)} not active
        </Fact>
      )}
      {arn !== undefined && (
        <Fact name="ARN">
          <code>{arn}</code>
        </Fact>
      )}
    </dl>
  );
}
