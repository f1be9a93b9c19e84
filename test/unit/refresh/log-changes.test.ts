import { setImmediate } from 'node:timers';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { logChanges } from '../../../src/refresh/log-changes.js';
import { detailOf, packOf } from '../../support/columns.js';

const SCOPE = { source: 'default', region: 'eu-west-1' };

/** A thousand accounts that have all failed. */
function changes() {
  const reports = Array.from({ length: 1_000 }, (_, n) => ({
    accountId: String(n).padStart(12, '0'),
    status: 'CREATE_FAILED',
  }));
  const transitions = reports.map(({ status }, row) => ({
    row,
    from: 'CREATE_SUCCESSFUL',
    to: status,
  }));
  const pack = packOf('Base', { detail: detailOf(reports) });
  return [{ pack, rollUpBefore: 'CREATE_IN_PROGRESS', transitions }];
}

function logger() {
  let lines = 0;
  const write = () => {
    lines++;
  };
  return { log: pino({}, { write }), lines: () => lines };
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
    expect(lines()).toBe(1_001);
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('leaves off when it is told to stop', async () => {
    const { lines, log } = logger();
    await logChanges(log, SCOPE, changes(), undefined, AbortSignal.abort());
    expect(lines()).toBeLessThan(10);
  });
});
