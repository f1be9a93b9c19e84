import { ERROR_CODES } from '../conformance/error-code.js';
import { textAt } from '../conformance/row-texts.js';
import { outcomeOf } from '../conformance/status.js';
import type { PackView } from '../metrics/pack-view.js';
import type { Moment } from './moment.js';
import { listedPacks, packStatus } from './pack-status.js';
import type { ListedPack, PackKey, PackStatus } from './pack-status.js';

/** One pack, and why it failed where it did. */
export interface PackDetailStatus extends PackStatus {
  /** The moment that it tells of. */
  readonly time: string;
  readonly reasons: readonly FailureReason[];
}

/** Accounts that failed with one error code. */
export interface FailureReason {
  readonly errorCode: string;
  readonly accounts: number;
  /** The message of the first of them that has one. */
  readonly exampleMessage?: string | undefined;
}

/** The pack; `undefined` where there is none of that name. */
export function findPack(
  moment: Moment,
  { pack: name, region, source }: PackKey,
): ListedPack | undefined {
  return listedPacks(moment).find(
    ({ view }) =>
      view.name === name && view.scope.region === region && view.scope.source === source,
  );
}

export function packDetail(pack: ListedPack, moment: Moment): PackDetailStatus {
  const { detail } = pack.view;
  const status = packStatus(pack, moment);
  const examples = detail && exampleMessages(detail);
  const reasons = (status.accounts?.byErrorCode ?? []).map(({ accounts, errorCode }) => ({
    errorCode,
    accounts,
    exampleMessage: examples?.get(errorCode),
  }));
  return { time: new Date(moment.now).toISOString(), ...status, reasons };
}

function exampleMessages({ accounts }: NonNullable<PackView['detail']>): Map<string, string> {
  const examples = new Map<string, string>();
  const failed = accounts.statuses.map((status) => outcomeOf(status) === 'failed');
  for (let row = 0; row < accounts.rows; row++) {
    const code = ERROR_CODES[(accounts.errorCode[row] ?? 0) - 1];
    if (code === undefined || examples.has(code)) continue;
    const message = textAt(accounts.messages, row);
    if (message === undefined) continue;
    if (failed[accounts.status[row] ?? 0] === true) examples.set(code, message);
  }
  return examples;
}
