import {
  VariableType,
  type Dashboard,
  type Panel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { isRow, panelsOf } from '../../grafana/finish.js';
import type { Prometheus, Result } from './prometheus.js';

/** A query of a panel or of an annotation, as the JSON has it. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly format?: string;
  readonly legendFormat?: string;
  readonly datasource?: { readonly uid?: string };
}

/** A query, and where it stands. */
export interface PlacedTarget extends Target {
  readonly panel: Panel;
  /** Panel and query by name, as `Failed/A`. */
  readonly place: string;
}

export function visualPanels(dashboard: Dashboard): readonly Panel[] {
  return panelsOf(dashboard).filter((panel): panel is Panel => !isRow(panel));
}

export function targetsOf(panel: Panel): readonly Target[] {
  return (panel.targets ?? []) as unknown as readonly Target[];
}

export function targetsIn(dashboard: Dashboard): readonly PlacedTarget[] {
  return visualPanels(dashboard).flatMap((panel) =>
    targetsOf(panel).map((target) => ({
      ...target,
      panel,
      place: `${panel.title ?? ''}/${target.refId}`,
    })),
  );
}

/** The expressions that a dashboard asks beside its panels: of its variables and its annotations. */
export function otherExpressions(dashboard: Dashboard): readonly string[] {
  const queries = variablesOf(dashboard)
    .filter(({ type }) => type === VariableType.Query)
    .map(({ query }) => /^\w+\((.*?)(, \w+)?\)$/.exec(query as string)?.[1] ?? '');
  const annotations = (dashboard.annotations.list ?? []).map(({ expr = '' }) => expr);
  return [...queries, ...annotations];
}

export function variablesOf({ templating }: Dashboard): readonly VariableModel[] {
  return templating.list ?? [];
}

/** The values that are chosen, by variable: one or several where it is `multi`, `$__all` for all. */
export type Chosen = Readonly<Record<string, string | readonly string[]>>;

const ALL = '$__all';

/** What Grafana puts into a query in place of its own variables, as Prometheus durations. */
export type Intervals = Readonly<Record<'__rate_interval' | '__interval' | '__range', string>>;

/**
 * A query of Prometheus as Grafana sends it. Grafana puts in the value that stands for all as it is;
 * values of a variable that may have several become a regular expression, each escaped.
 */
export function interpolated(
  text: string,
  dashboard: Dashboard,
  chosen: Chosen,
  intervals: Intervals,
): string {
  const variables = new Map(variablesOf(dashboard).map((variable) => [variable.name, variable]));
  return text.replace(/\$(\w+)|\$\{(\w+)\}/g, (whole, bare?: string, braced?: string) => {
    const name = bare ?? braced ?? '';
    if (name in intervals) return intervals[name as keyof Intervals];
    const variable = variables.get(name);
    const value = chosen[name];
    if (variable === undefined || value === undefined) {
      throw new Error(`Nothing to put in for ${whole} in ${text}`);
    }
    if (value === ALL) return variable.allValue ?? '';
    if (!variable.multi) return String(value);
    const values = [value].flat().map(escapedForRegex);
    return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;
  });
}

/** Escaped for a regular expression inside a string of PromQL. */
function escapedForRegex(value: string): string {
  return value.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}

/** Picks from the options of a variable, of which there is at least one. */
export type Pick = (
  variable: VariableModel,
  options: readonly string[],
) => string | readonly string[];

/**
 * Asks Prometheus for the options of each variable, in their order, each query with what was picked
 * before it. A variable without options has the empty value, as in Grafana.
 */
export async function choose(
  prometheus: Prometheus,
  dashboard: Dashboard,
  intervals: Intervals,
  pick: Pick,
): Promise<{ readonly chosen: Chosen; readonly without: readonly string[] }> {
  const chosen: Record<string, string | readonly string[]> = {};
  const without: string[] = [];
  for (const variable of variablesOf(dashboard)) {
    if (variable.type !== VariableType.Query) continue;
    const query = interpolated(variable.query as string, dashboard, chosen, intervals);
    const options = await optionsOf(prometheus, variable, query);
    if (options.length === 0) without.push(variable.name);
    const empty = variable.includeAll ? ALL : '';
    chosen[variable.name] = options.length === 0 ? empty : pick(variable, options);
  }
  return { chosen, without };
}

async function optionsOf(
  prometheus: Prometheus,
  { regex }: VariableModel,
  query: string,
): Promise<readonly string[]> {
  const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
  if (selector !== undefined && label !== undefined) return prometheus.labelValues(label, selector);
  const [, expression] = /^query_result\((.*)\)$/.exec(query) ?? [];
  if (expression === undefined) throw new Error(`Grafana knows no such query: ${query}`);
  const pattern = new RegExp((regex ?? '').slice(1, -1));
  return (await prometheus.query(expression)).map((result) => {
    const value = pattern.exec(asLine(result))?.groups?.['value'];
    if (value === undefined)
      throw new Error(`${pattern.source} finds nothing in ${asLine(result)}`);
    return value;
  });
}

/** A result as Grafana writes it, for the regular expression of a variable. */
function asLine({ metric: { __name__ = '', ...labels }, value }: Result): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
  return `${__name__}{${pairs.join(',')}} ${value} 0`;
}
