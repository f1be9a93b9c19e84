import type { Rollout } from '../src/conformance/rollout.js';
import { outcomeOf, STATUSES } from '../src/conformance/status.js';
import { COLOURS } from './palette.js';
import {
  ACCOUNT_KEY,
  DELETED,
  FAILED,
  IN_PROGRESS,
  ofPacks,
  PACK_KEY,
  SUCCESSFUL,
  UNKNOWN,
  type Select,
} from './promql.js';

/**
 * What a cell or a bar shows in place of a number. A higher code is graver, so that `max` finds the
 * gravest of several and a table sorted by it has the worst first.
 */
export interface State {
  readonly code: number;
  readonly text: string;
  readonly colour: string;
}

const EXPECTED: State = { code: 6, text: 'Expected, not there', colour: COLOURS.absent };

const VERDICTS: Readonly<Record<Rollout, State>> = {
  failed: { code: 5, text: 'Failed', colour: COLOURS.bad },
  unknown: { code: 4, text: 'Unknown', colour: COLOURS.unsure },
  in_progress: { code: 3, text: 'In progress', colour: COLOURS.busy },
  deleted: { code: 2, text: 'Deleted', colour: COLOURS.gone },
  complete: { code: 1, text: 'Complete', colour: COLOURS.good },
};

/** The codes of {@link verdict}. */
export const PACK_STATES: readonly State[] = [EXPECTED, ...Object.values(VERDICTS)];

/** The code where nobody can say. */
export const UNKNOWN_CODE = VERDICTS.unknown.code;

/** The exporter's verdict on the packs, as the code of the gravest for each value of `key`. */
export function verdict(key: string): string {
  const told = Object.entries(VERDICTS).map(
    ([state, { code }]) => `${code} * ${ofPacks('rollout', `state="${state}"`)}`,
  );
  return gravest(key, [...told, `${EXPECTED.code} + (${ofPacks('present')} == 0)`]);
}

const MISSING: State = { code: 6, text: 'Missing', colour: COLOURS.absent };

const OUTCOMES: readonly (State & { readonly status: string })[] = [
  { code: 5, text: 'Failed', colour: COLOURS.bad, status: FAILED },
  { code: 4, text: 'Unknown', colour: COLOURS.unsure, status: UNKNOWN },
  { code: 3, text: 'In progress', colour: COLOURS.busy, status: IN_PROGRESS },
  { code: 2, text: 'Deleted', colour: COLOURS.gone, status: DELETED },
  { code: 1, text: 'Successful', colour: COLOURS.good, status: SUCCESSFUL },
];

/** The codes of {@link outcome}. */
export const ACCOUNT_STATES: readonly State[] = [MISSING, ...OUTCOMES];

/** What has become of packs in accounts, as the code of the gravest for each value of `key`. */
export function outcome(key: string, select: Select): string {
  const told = OUTCOMES.map(
    ({ code, status }) => `${code} * (${select('account_status', status)} == 1)`,
  );
  return gravest(key, [...told, `${MISSING.code} * ${select('account_missing')}`]);
}

function gravest(key: string, terms: readonly string[]): string {
  return `max by (${key}) (\n  ${terms.join('\n  or ')}\n)`;
}

/** The (pack, account) pairs in one of these statuses now. */
export function accountsIn(status: string, select: Select): string {
  return `max by (${ACCOUNT_KEY}) (${select('account_status', status)} == 1)`;
}

/**
 * Something where as many accounts are told one by one as `total` counts: neither the mode nor the
 * limit leaves one out.
 */
export function allTold(total: string, told: string): string {
  return `(${total} == 0 or ${total} <= count(${told}))`;
}

/** As {@link allTold}, of the accounts in one of these statuses. */
export function allToldIn(status: string): string {
  // Added up before two exporters are made one, since these may tell of one account at two times.
  const all = `max by (${PACK_KEY}) (sum without (status) (${ofPacks('accounts', status)}))`;
  return allTold(`sum(${all})`, accountsIn(status, ofPacks));
}

const OUTCOME_COLOURS = {
  failed: [COLOURS.bad, '#F28E5C', '#8F3F00'],
  in_progress: [COLOURS.busy, '#9AD4F5', '#2B7FB0'],
  successful: [COLOURS.good, '#5CC9A7', COLOURS.gone],
  unknown: [COLOURS.unsure],
} as const;

/** A colour for each status of AWS: the hue tells the outcome, the shade the operation. */
export const STATUS_COLOURS: Readonly<Record<string, string>> = Object.fromEntries(
  STATUSES.map((status) => {
    const shades = OUTCOME_COLOURS[outcomeOf(status)];
    const operation = ['CREATE', 'UPDATE', 'DELETE'].findIndex((name) => status.startsWith(name));
    return [status, shades[operation] ?? shades[0]];
  }),
);
