import { setImmediate } from 'node:timers/promises';
import { reportAt } from '../conformance/account-columns.js';
import type { OrganizationAccounts } from '../conformance/organization.js';
import type { Scope } from '../conformance/snapshot.js';
import { eachTransition } from '../conformance/transitions.js';
import type { Logger } from '../log.js';
import type { PackChange } from './changes.js';

/** Lines written before others get their turn: a mass failure changes thousands of accounts. */
const LINES_A_TURN = 200;

/**
 * Logs each change of a roll-up and each transition of an account, a line each, so that a log store
 * has the history with the messages that metrics must not carry.
 */
export async function logChanges(
  logger: Logger,
  { region, source }: Scope,
  changes: readonly PackChange[],
  organization: OrganizationAccounts | undefined,
  stop: AbortSignal,
): Promise<void> {
  let lines = 0;
  for (const { pack, rollUpBefore, transitions } of changes) {
    const common = { source, region, pack: pack.name };
    if (rollUpBefore !== undefined) {
      const { errorCode, errorMessage, rawCode, status } = pack.rollUp;
      const change = { from: rollUpBefore, to: status, errorCode, rawCode, errorMessage };
      logger.info({ event: 'roll_up_changed', ...common, ...change }, 'Roll-up changed');
    }
    if (transitions === undefined) continue;
    for (const { from, row, to } of eachTransition(transitions)) {
      const { accountId, errorCode, errorMessage, rawCode } = reportAt(transitions.accounts, row);
      const accountName = organization?.accounts.get(accountId)?.name;
      const change = { accountId, accountName, from, to, errorCode, rawCode, errorMessage };
      logger.info({ event: 'account_transition', ...common, ...change }, 'Account changed');
      if (++lines % LINES_A_TURN === 0) await setImmediate();
      if (stop.aborted) return;
    }
  }
}
