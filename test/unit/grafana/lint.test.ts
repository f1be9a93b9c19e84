import { readFileSync } from 'node:fs';
import {
  VariableRefresh,
  VariableType,
  type Dashboard,
  type FieldConfigSource,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../../grafana/dashboards.js';
import { otherExpressions, targetsIn, variablesOf, visualPanels } from '../../support/grafana.js';
import { selectorsIn, type Selector } from '../../support/promql.js';

/**
 * The rules of grafana/dashboard-linter, by their names there (its documentation, "Rules"), without the
 * two about Loki: that tool is a program in Go, which the tests of this project do without. A rule
 * gives what breaks it.
 */
const RULES: Readonly<Record<string, (dashboard: Dashboard) => readonly string[]>> = {
  'template-datasource-rule': (dashboard) => {
    const right = [{ name: 'datasource', label: 'Data source', query: 'prometheus' }];
    const found = variablesOf(dashboard)
      .filter(({ type }) => type === VariableType.Datasource)
      .map(({ label, name, query }) => ({ name, label, query }));
    return JSON.stringify(found) === JSON.stringify(right) ? [] : [JSON.stringify(found)];
  },
  'template-job-rule': (dashboard) => templateProblems(dashboard, 'job', 'Job'),
  'template-instance-rule': (dashboard) => templateProblems(dashboard, 'instance', 'Instance'),
  'template-label-promql-rule': (dashboard) => [
    ...queryVariables(dashboard)
      .filter(({ query }) => !/^(label_values|query_result)\(.+\)$/.test(query as string))
      .map(({ name }) => name),
    ...otherExpressions(dashboard).filter((expression) => !isPromql(expression)),
  ],
  'template-on-time-change-reload-rule': (dashboard) =>
    queryVariables(dashboard)
      .filter(({ refresh }) => refresh !== VariableRefresh.OnTimeRangeChanged)
      .map(({ name }) => name),
  'panel-datasource-rule': (dashboard) =>
    visualPanels(dashboard)
      .filter(({ datasource }) => datasource?.uid !== '${datasource}')
      .map(({ title = '' }) => title),
  'panel-title-description-rule': (dashboard) =>
    visualPanels(dashboard)
      .filter(({ description, title }) => !title || !description)
      .map(({ title, type }) => title ?? type),
  'panel-units-rule': (dashboard) =>
    visualPanels(dashboard)
      .filter(({ type }) => ['stat', 'table', 'timeseries', 'gauge'].includes(type))
      .filter(({ fieldConfig }) => !unitsOf(fieldConfig).every((unit) => UNITS.has(unit)))
      .map(({ title = '' }) => title),
  'panel-no-targets-rule': (dashboard) =>
    visualPanels(dashboard)
      .filter(({ targets = [] }) => targets.length === 0)
      .map(({ title = '' }) => title),
  'target-promql-rule': (dashboard) =>
    targetsIn(dashboard)
      .filter(({ expr }) => !isPromql(expr))
      .map(({ place }) => place),
  'target-rate-interval-rule': (dashboard) =>
    selecting(
      dashboard,
      ({ calledBy, range }) =>
        range !== undefined && RATES.includes(calledBy ?? '') && range !== MAGIC,
    ),
  'target-job-rule': (dashboard) =>
    selecting(dashboard, ({ matchers }) => matchers.get('job') !== '=~"$job"'),
  'target-instance-rule': (dashboard) =>
    selecting(dashboard, ({ matchers }) => matchers.get('instance') !== '=~"$instance"'),
  'target-counter-agg-rule': (dashboard) =>
    selecting(
      dashboard,
      ({ calledBy, metrics, range }) =>
        metrics.some((name) => name.endsWith('_total')) &&
        !(range !== undefined && RATES.includes(calledBy ?? '')),
    ),
  'uneditable-dashboard': ({ editable, title = '' }) => (editable ? [title] : []),
};

/** Functions of what a counter has grown by. The linter wants `$__rate_interval` of the first two only. */
const RATES = ['rate', 'irate', 'increase'];

/** Stands for `$__rate_interval`, which is no duration of PromQL; nothing else is as long. */
const MAGIC = '11m11s';

/** Units of Grafana that these dashboards use. A word that is none would be shown behind the value. */
const UNITS = new Set('none short percentunit bytes s dateTimeFromNow reqps ops'.split(' '));

/** The unit of a panel, which has to have one, and those of its columns. */
function unitsOf(config: FieldConfigSource | undefined): readonly string[] {
  const properties = config?.overrides.flatMap((override) => override.properties) ?? [];
  const ofColumns = properties.filter(({ id }) => id === 'unit').map(({ value }) => String(value));
  return [config?.defaults.unit ?? '', ...ofColumns];
}

function queryVariables(dashboard: Dashboard) {
  return variablesOf(dashboard).filter(({ type }) => type === VariableType.Query);
}

function templateProblems(dashboard: Dashboard, name: string, label: string): readonly string[] {
  const variable = queryVariables(dashboard).find((each) => each.name === name);
  const { allValue, datasource, multi } = variable ?? {};
  const right = { allValue: '.+', multi: true, label, datasource: '${datasource}' };
  const found = { allValue, multi, label: variable?.label, datasource: datasource?.uid };
  return JSON.stringify(found) === JSON.stringify(right) ? [] : [JSON.stringify(found)];
}

function parsed(expression: string): readonly Selector[] {
  return selectorsIn(expression.replaceAll('$__rate_interval', MAGIC));
}

function isPromql(expression: string): boolean {
  try {
    return parsed(expression).length > 0;
  } catch {
    return false;
  }
}

/** The queries that have a selector for which `isWrong` holds. */
function selecting(
  dashboard: Dashboard,
  isWrong: (selector: Selector) => boolean,
): readonly string[] {
  return targetsIn(dashboard)
    .filter(({ expr }) => parsed(expr).some(isWrong))
    .map(({ place }) => place);
}

describe.each(Object.entries(DASHBOARDS))('the dashboard %s', (_, dashboard) => {
  it.each(Object.keys(RULES))('keeps the %s', (rule) => {
    expect(RULES[rule]?.(dashboard)).toEqual([]);
  });
});

it('asks the linter for no exception, since there is nothing to except', () => {
  const file = new URL('../../../grafana/dashboards/.lint', import.meta.url);
  expect(parse(readFileSync(file, 'utf8'))).toEqual({ exclusions: {} });
});

describe('a dashboard that breaks them', () => {
  const expressions = [
    'sum(rate(a_total{job=~"$job", instance=~"$instance"}[5m]))',
    'a_total{job=~"$job", instance=~"$instance"}',
    'a{job=~"$job"}',
    'a{instance=~"$instance"}',
    'sum(a',
  ];
  const targets = expressions.map((expr, index) => ({ expr, refId: String(index) }));
  const broken = {
    title: 'Broken',
    editable: true,
    panels: [
      { type: 'stat', title: 'Bare', targets: targets as never, options: {} },
      { type: 'stat', description: 'No title', datasource: { uid: '${datasource}' } },
    ],
    templating: { list: [{ type: VariableType.Query, name: 'job', query: 'up' }] },
    annotations: {},
    schemaVersion: 1,
  } as Dashboard;

  it.each(Object.keys(RULES).filter((rule) => !rule.startsWith('target-')))(
    'is told by %s',
    (rule) => {
      expect(RULES[rule]?.(broken)).not.toEqual([]);
    },
  );

  it.each([
    ['target-promql-rule', 4],
    ['target-rate-interval-rule', 0],
    ['target-counter-agg-rule', 1],
    ['target-instance-rule', 2],
    ['target-job-rule', 3],
  ])('is told by %s of its query %i', (rule, wrong) => {
    const parsable = rule === 'target-promql-rule' ? targets : targets.slice(0, -1);
    const panels = [{ type: 'stat', title: 'Bare', targets: parsable as never }];
    expect(RULES[rule]?.({ ...broken, panels })).toEqual([`Bare/${wrong}`]);
  });
});
