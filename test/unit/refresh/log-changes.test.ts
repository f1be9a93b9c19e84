import { setImmediate } from 'node:timers';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { transitionsBetween } from '../../../src/conformance/transitions.js';
import { logChanges } from '../../../src/refresh/log-changes.js';
import { detailOf, packOf } from '../../support/columns.js';

const SCOPE = { source: 'default', region: 'eu-west-1' };

/** A thousand accounts that have all failed, each for a reason of its own. */
function changes() {
  const reading = (status: string, reason?: string) =>
    detailOf(
      Array.from({ length: 1_000 }, (_, n) => ({
        accountId: String(n).padStart(12, '0'),
        status,
        errorMessage: reason && `${reason} ${n}`,
      })),
    );
  const detail = reading('CREATE_FAILED', 'reason');
  const transitions = transitionsBetween(reading('CREATE_SUCCESSFUL').accounts, detail.accounts);
  const pack = packOf('Base', { detail });
  return [{ pack, rollUpBefore: 'CREATE_IN_PROGRESS', transitions }];
}

function logger() {
  const lines: string[] = [];
  return { log: pino({}, { write: (line) => lines.push(line) }), lines };
}

describe('logChanges', () => {
  it('lets others have their turn between many lines', async () => {
    const { lines, log } = logger();
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    await logChanges(log, SCOPE, changes(), undefined, new AbortController().signal);
    done = true;
    expect(lines).toHaveLength(1_001);
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('tells of each account what it was, what it is and why', async () => {
    const { lines, log } = logger();
    await logChanges(log, SCOPE, changes(), undefined, new AbortController().signal);
    expect(JSON.parse(lines[1_000] ?? '')).toMatchObject({
      event: 'account_transition',
      pack: 'Base',
      accountId: '000000000999',
      from: 'CREATE_SUCCESSFUL',
      to: 'CREATE_FAILED',
      errorCode: 'unspecified',
      errorMessage: 'reason 999',
    });
  });

  it('leaves off when it is told to stop', async () => {
    const { lines, log } = logger();
    await logChanges(log, SCOPE, changes(), undefined, AbortSignal.abort());
    expect(lines.length).toBeLessThan(10);
  });
});
