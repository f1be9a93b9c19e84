import {
  AccountColumnsBuilder,
  AccountIds,
  type AccountReport,
} from '../src/conformance/account-columns.js';
import { summarize } from '../src/conformance/account-summary.js';
import { NO_TRANSITIONS } from '../src/conformance/transitions.js';
import type { Pack } from '../src/conformance/snapshot.js';

/** An organization of a given size: as many packs as a quota allows, all accounts in each. */
export interface Size {
  readonly packs: number;
  readonly accounts: number;
}

const NOW = Date.UTC(2026, 0, 1);
const FAILURE_EVERY = 100;

export function packName(index: number): string {
  return `Operational-Best-Practices-${index}`;
}

/** The accounts of one pack: one in a hundred has failed, and each was updated at its own time. */
export function* reportsOf(pack: number, { accounts }: Size): Generator<AccountReport> {
  for (let account = 0; account < accounts; account++) {
    const failed = (account + pack) % FAILURE_EVERY === 0;
    yield {
      accountId: String(100_000_000_000 + account * 7_919),
      status: failed ? 'CREATE_FAILED' : 'CREATE_SUCCESSFUL',
      updatedAt: NOW - account * 1_000 - pack * 17,
      errorCode: failed ? 'NoAvailableConfigurationRecorder' : undefined,
    };
  }
}

/** The packs as a refresh builds them. */
export function packsOf(size: Size): readonly Pack[] {
  const ids = new AccountIds();
  return Array.from({ length: size.packs }, (_, index) => {
    const builder = new AccountColumnsBuilder(ids);
    for (const report of reportsOf(index, size)) builder.add(report);
    const accounts = builder.build();
    return {
      name: packName(index),
      rollUp: { status: 'CREATE_FAILED', updatedAt: NOW },
      detail: { readAt: NOW, accounts, summary: summarize(accounts), mismatch: false },
      transitions: NO_TRANSITIONS,
    };
  });
}
