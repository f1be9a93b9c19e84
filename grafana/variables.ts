import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PREFIX } from '../src/metrics/pack-families.js';
import { metric } from './metrics.js';
import { matching, ofOrganization, ofPacks } from './promql.js';

/**
 * The variables of every dashboard, each narrowed by those before it, and each named after the label
 * that it chooses by.
 */
export const VARIABLES = [
  'datasource',
  'job',
  'instance',
  'organization',
  'source',
  'aws_region',
  'conformance_pack',
  'account_id',
] as const;
export type Variable = (typeof VARIABLES)[number];

/** What a dashboard does with the variables. */
export interface Choice {
  /** Those that its panels have no use for; they are there for the links, which keep them. */
  readonly carried: readonly Variable[];
  /** Those that start with their first value and not with all. */
  readonly startWithOne?: readonly Variable[];
}

const EXPORTER = metric('conformance_pack_exporter_build_info');
/** There from the start, for each source and Region. */
const SCOPE = metric('conformance_pack_exporter_refresh_last_success_timestamp_seconds');
/** A pack that is expected can be chosen though it is not there. */
const PACK = `__name__=~"${metric(`${PREFIX}_rollout`)}|${metric(`${PREFIX}_present`)}"`;

/** What stands for all where a series need not have the label. */
const ALSO_WITHOUT = '.*';

const ALL = { selected: true, text: 'All', value: '$__all' };

export function variables({ carried, startWithOne = [] }: Choice) {
  const query = (name: Variable, label: string, expression: string) =>
    new QueryVariableBuilder(name)
      .label(label)
      .query(expression)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.NaturalAsc)
      .hide(carried.includes(name) ? VariableHide.HideVariable : VariableHide.DontHide);
  const several = (name: Variable, label: string, series: string, all = '.+') => {
    const variable = query(name, label, `label_values(${series}, ${name})`)
      .multi(true)
      .includeAll(true)
      .allValue(all);
    return startWithOne.includes(name) ? variable : variable.current(ALL);
  };
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    several('job', 'Job', EXPORTER),
    several('instance', 'Instance', `${EXPORTER}{${matching('job')}}`),
    several(
      'organization',
      'Organization',
      `${EXPORTER}{${matching('job', 'instance')}}`,
      ALSO_WITHOUT,
    ),
    several('source', 'Source', `${SCOPE}{${matching('job', 'instance', 'organization')}}`),
    several(
      'aws_region',
      'Region',
      `${SCOPE}{${matching('job', 'instance', 'organization', 'source')}}`,
    ),
    several(
      'conformance_pack',
      'Pack',
      `{${PACK}, ${matching('job', 'instance', 'organization', 'source', 'aws_region')}}`,
    ),
    query('account_id', 'Account', `query_result(${ACCOUNTS})`).regex(ACCOUNT_OF_RESULT),
  ];
}

// Accounts have names where the organization can be read, and series of their own in most modes. A
// name can occur twice in an organization, so that the id stands beside it.
const ACCOUNTS = `label_join(
  topk by (account_id) (1, max by (account_id, account_name) (${ofOrganization('account_info')}))
  or on (account_id) max by (account_id) (${ofPacks('account_last_update_timestamp_seconds')}),
  "text", " ", "account_name", "account_id"
)`.replace(/\s+/g, ' ');

// Grafana applies it to each line of the result, whose labels are in alphabetical order.
const ACCOUNT_OF_RESULT = '/account_id="(?<value>[^"]+)".*text=" ?(?<text>[^"]+)"/';
