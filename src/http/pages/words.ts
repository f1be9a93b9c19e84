import type { Excuse } from '../../conformance/coverage.js';
import type { PACK_STANDINGS } from '../../status/account-status.js';
import type { PackState } from '../../status/pack-status.js';
import type { ScopeReading } from '../../status/scope-status.js';

/** How grave something is, which decides its colour and its sign. */
export type Tone = 'failed' | 'warning' | 'progress' | 'good' | 'neutral';

export interface Word {
  readonly text: string;
  readonly tone: Tone;
}

export const PACK_STATE_WORDS: Readonly<Record<PackState, Word>> = {
  failed: { text: 'Failed', tone: 'failed' },
  absent: { text: 'Not deployed', tone: 'failed' },
  unknown: { text: 'Unknown', tone: 'warning' },
  in_progress: { text: 'In progress', tone: 'progress' },
  complete: { text: 'Complete', tone: 'good' },
  deleted: { text: 'Deleted', tone: 'neutral' },
};

export type PackStanding = (typeof PACK_STANDINGS)[number];

export const STANDING_WORDS: Readonly<Record<PackStanding, Word>> = {
  failed: { text: 'Failed', tone: 'failed' },
  missing: { text: 'Missing', tone: 'warning' },
  unknown: { text: 'Unknown', tone: 'warning' },
  in_progress: { text: 'In progress', tone: 'progress' },
  successful: { text: 'Successful', tone: 'good' },
  excluded: { text: 'Excluded', tone: 'neutral' },
};

export const SCOPE_STATE_WORDS: Readonly<Record<ScopeReading, Word>> = {
  waiting: { text: 'Not read yet', tone: 'neutral' },
  reading: { text: 'Being read', tone: 'progress' },
  restored: { text: 'Restored', tone: 'neutral' },
  ok: { text: 'Read', tone: 'good' },
  partial: { text: 'Partly read', tone: 'warning' },
  failed: { text: 'Not readable', tone: 'failed' },
};

export const EXCUSE_WORDS: Readonly<Record<Excuse, string>> = {
  new: 'joined less than 7 hours ago; AWS keeps retrying',
  inactive: 'the account is not active, or has left',
};

/** `CREATE_IN_PROGRESS` as "Create in progress". */
export function statusWords(status: string): string {
  const words = status.replaceAll('_', ' ').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** As in "1 pack", "1,200 packs". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** The verb that goes with a number. */
export function has(number: number): string {
  return number === 1 ? 'has' : 'have';
}

export function is(number: number): string {
  return number === 1 ? 'is' : 'are';
}

/** With a comma between the thousands. */
export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

/** A dash where nothing is known, which is not the same as none. */
export function groupedOrNothing(number: number | undefined): string {
  return number === undefined ? '–' : grouped(number);
}

const UNITS = [
  { ms: 86_400_000, one: 'day' },
  { ms: 3_600_000, one: 'hour' },
  { ms: 60_000, one: 'minute' },
  { ms: 1_000, one: 'second' },
] as const;

/** As in "3 hours ago". */
export function ago(ms: number): string {
  const unit = UNITS.find((candidate) => ms >= candidate.ms);
  return unit === undefined ? 'just now' : `${count(Math.floor(ms / unit.ms), unit.one)} ago`;
}
