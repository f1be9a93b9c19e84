import { expect } from 'vitest';
import type { Deployment, Organization } from '../../src/simulator/organization.js';
import type { ParsedExposition } from './parse-exposition.js';

const PREFIX = 'aws_config_org_conformance_pack';

/** One sample as text, with its labels in the order of their names. */
type Line = string;

const STATUSES = ['CREATE', 'UPDATE', 'DELETE'].flatMap((operation) =>
  ['SUCCESSFUL', 'IN_PROGRESS', 'FAILED'].map((outcome) => `${operation}_${outcome}`),
);

function line(family: string, labels: Record<string, string>, value: number): Line {
  return `${PREFIX}_${family} ${JSON.stringify(Object.entries(labels).sort())} ${value}`;
}

/** The samples of {@link TRUE_FAMILIES} in an exposition. */
function shown(exposition: ParsedExposition): Line[] {
  return TRUE_FAMILIES.flatMap((family) =>
    (exposition.get(`${PREFIX}_${family}`)?.samples ?? []).map(({ labels, value }) =>
      line(family, labels, value),
    ),
  ).sort();
}

/** Every sample equals the truth of the server, and nothing is missing. Returns how many there are. */
export function expectTruth(exposition: ParsedExposition, organization: Organization): number {
  const expected = truth(organization);
  const actual = shown(exposition);
  const known = new Set(expected);
  const told = new Set(actual);
  expect({
    untrue: actual.filter((line) => !known.has(line)).slice(0, 5),
    untold: expected.filter((line) => !told.has(line)).slice(0, 5),
    samples: actual.length,
  }).toEqual({ untrue: [], untold: [], samples: expected.length });
  return expected.length;
}

/** The families that {@link truth} knows. */
const TRUE_FAMILIES = [
  'status',
  'rollout',
  'rollup_mismatch',
  'last_update_timestamp_seconds',
  'error',
  'accounts',
  'accounts_by_error',
  'failed_oldest_timestamp_seconds',
  'in_progress_oldest_timestamp_seconds',
  'account_series_omitted',
  'info',
  'account_status',
  'account_last_update_timestamp_seconds',
  'account_error',
];

/**
 * What those families ought to hold, worked out from the server's own data and by none of the
 * exporter's code. For organizations with known statuses and error codes, in full series.
 */
function truth({ packs }: Organization): Line[] {
  const lines: Line[] = [];
  for (const { arn, members, name, region, rollUp } of packs) {
    const labels = { source: 'default', aws_region: region, conformance_pack: name };
    const add = (family: string, more: Record<string, string>, value: number) =>
      lines.push(line(family, { ...labels, ...more }, value));
    const oneHot = (family: string, status: string, more: Record<string, string> = {}) => {
      for (const each of STATUSES) add(family, { ...more, status: each }, Number(each === status));
    };
    oneHot('status', rollUp.status);
    const verdict = verdictOn(members);
    for (const state of VERDICTS) add('rollout', { state }, Number(state === verdict));
    const mismatch = disagrees(rollUp.status, members, verdict);
    if (verdict !== 'unknown') add('rollup_mismatch', {}, Number(mismatch));
    if (rollUp.updatedAt !== undefined) {
      add('last_update_timestamp_seconds', {}, rollUp.updatedAt / 1000);
    }
    if (rollUp.errorCode !== undefined) add('error', { error_code: bare(rollUp.errorCode) }, 1);
    for (const status of STATUSES) {
      add('accounts', { status }, members.filter((member) => member.status === status).length);
    }
    const failed = members.filter(({ status }) => status.endsWith('_FAILED'));
    const codes = failed.map(({ errorCode }) => bare(errorCode ?? 'unspecified'));
    for (const code of new Set(codes)) {
      add('accounts_by_error', { error_code: code }, codes.filter((each) => each === code).length);
    }
    const busy = members.filter(({ status }) => status.endsWith('_IN_PROGRESS'));
    if (failed.length > 0) add('failed_oldest_timestamp_seconds', {}, oldest(failed));
    if (busy.length > 0) add('in_progress_oldest_timestamp_seconds', {}, oldest(busy));
    add('account_series_omitted', {}, 0);
    add('info', { arn }, 1);
    for (const member of members) {
      const account = { account_id: member.accountId };
      oneHot('account_status', member.status, account);
      add('account_last_update_timestamp_seconds', account, (member.updatedAt ?? 0) / 1000);
      if (member.errorCode !== undefined) {
        add('account_error', { ...account, error_code: bare(member.errorCode) }, 1);
      }
    }
  }
  return lines.sort();
}

const VERDICTS = ['complete', 'in_progress', 'failed', 'deleted', 'unknown'];

function verdictOn(members: readonly Deployment[]): string {
  const some = (suffix: string) => members.some(({ status }) => status.endsWith(suffix));
  if (members.length === 0) return 'unknown';
  if (some('_FAILED')) return 'failed';
  if (some('_IN_PROGRESS')) return 'in_progress';
  return members.every(({ status }) => status === 'DELETE_SUCCESSFUL') ? 'deleted' : 'complete';
}

function disagrees(rollUp: string, members: readonly Deployment[], verdict: string): boolean {
  const busy = members.some(({ status }) => status.endsWith('_IN_PROGRESS'));
  if (rollUp.endsWith('_IN_PROGRESS')) return !busy;
  if (rollUp.endsWith('_FAILED')) return verdict !== 'failed';
  return verdict !== (rollUp === 'DELETE_SUCCESSFUL' ? 'deleted' : 'complete');
}

function bare(code: string): string {
  return code.replace(/Exception$/, '');
}

function oldest(deployments: readonly Deployment[]): number {
  return Math.min(...deployments.map(({ updatedAt = 0 }) => updatedAt)) / 1000;
}
