import { outcomeOf, STATUSES } from '../src/conformance/status.js';
import { PREFIX } from '../src/metrics/pack-families.js';
import { SELF_PREFIX } from '../src/metrics/self-metrics.js';
import { metric } from './metrics.js';

/**
 * A selector of the series that a dashboard's variables choose. `name` is what follows the prefix of
 * the family; `further` are matchers beyond those of the variables.
 */
export type Select = (name: string, ...further: readonly string[]) => string;

const PROCESS = ['job', 'instance', 'organization'];
const SOURCE = [...PROCESS, 'source'];
const SCOPE = [...SOURCE, 'aws_region'];
const PACK = [...SCOPE, 'conformance_pack'];
const ACCOUNT = [...PACK, 'account_id'];

/** Matchers by the variables that are named after these labels. */
export function matching(...labels: readonly string[]): string {
  return labels.map((label) => `${label}=~"$${label}"`).join(', ');
}

function selecting(prefix: string, labels: readonly string[]): Select {
  return (name, ...further) =>
    `${metric(prefix + name)}{${[matching(...labels), ...further].join(', ')}}`;
}

/** Families about packs, and about all accounts of these packs. */
export const ofPacks = selecting(`${PREFIX}_`, PACK);
/** Families about the chosen accounts of the chosen packs. */
export const ofAccounts = selecting(`${PREFIX}_`, ACCOUNT);
/** Families about what refreshes of a source and Region came to. */
export const ofScopes = selecting(`${SELF_PREFIX}_`, SCOPE);
/** Families about what is known of a source as a whole. */
export const ofSources = selecting(`${SELF_PREFIX}_`, SOURCE);
/** Families about the exporter as a whole. */
export const ofExporter = selecting(`${SELF_PREFIX}_`, PROCESS);
/** Metrics that targets of every kind have, see {@link ofItself}. */
export const ofTargets = selecting('', PROCESS);
/** Families about the organization. */
export const ofOrganization = selecting('aws_organizations_', SOURCE);

/**
 * Labels that tell sources apart, Regions of them, packs there, and accounts in these. Every
 * expression about one of them is reduced to its key, or less, by `max`: two exporters that read the
 * same then count once. `organization` is no label of the exporter but of its target, for whoever
 * scrapes exporters of several organizations, whose sources may have one name; where targets have
 * none it is empty, and empty groups and joins as any other value does.
 */
export const SOURCE_KEY = 'organization, source';
export const SCOPE_KEY = `${SOURCE_KEY}, aws_region`;
export const PACK_KEY = `${SCOPE_KEY}, conformance_pack`;
export const ACCOUNT_KEY = `${PACK_KEY}, account_id`;
/** Labels that tell exporters apart where somebody is to see them. */
export const INSTANCE_KEY = 'organization, instance';

function matchingStatus(test: (status: string) => boolean): string {
  return `status=~"${STATUSES.filter(test).join('|')}"`;
}

export const FAILED = matchingStatus((status) => outcomeOf(status) === 'failed');
export const IN_PROGRESS = matchingStatus((status) => outcomeOf(status) === 'in_progress');
export const DELETED = 'status="DELETE_SUCCESSFUL"';
export const NOT_DELETED = 'status!="DELETE_SUCCESSFUL"';
export const SUCCESSFUL = matchingStatus(
  (status) => outcomeOf(status) === 'successful' && status !== 'DELETE_SUCCESSFUL',
);
export const UNKNOWN = `status!~"${STATUSES.join('|')}"`;

/**
 * Of a metric that targets of every kind have, the exporter's part, also while it is down: jobs and
 * instances may be chosen as any, and any is then more than the exporter's.
 */
export function ofItself(expression: string): string {
  return `(${expression})
  and on (job, ${INSTANCE_KEY}) last_over_time(${ofExporter('build_info')}[1d])`;
}

/** How many accounts of each pack have one of these statuses. */
export function accounts(status: string): string {
  return `max by (${PACK_KEY}, status) (${ofPacks('accounts', status)})`;
}

/** The share of accounts in which the packs are deployed, from 0 to 1, for each value of `key`. */
export function successfulShare(key: string): string {
  return `sum by (${key}) (${accounts(SUCCESSFUL)})
  / sum by (${key}) (${accounts(NOT_DELETED)})`;
}

/** One series for each value of `key`, though another label, whose value is kept, has several. */
export function oneOf(key: string, label: string, expression: string): string {
  return `topk by (${key}) (1, max by (${key}, ${label}) (${expression}))`;
}

/**
 * Adds the name and the organizational unit of each account, where they are known. An account that
 * is told twice, as while it is being renamed, takes one of them.
 */
export function named(key: string, expression: string): string {
  const info = `topk by (account_id) (1, max by (account_id, account_name, ou_path) (${ofOrganization('account_info')}))`;
  return `(${expression})
  * on (account_id) group_left (account_name, ou_path) ${info}
or on (${key}) (${expression})`;
}

/**
 * `expression` where the account-series mode is one of these; nothing where it is not, nor where
 * exporters differ.
 */
export function inModes(expression: string, ...modes: readonly string[]): string {
  const others = `mode!~"${modes.join('|')}"`;
  return `(${expression}) and on () (max(${ofExporter('account_series_mode', others)}) == 0)`;
}
