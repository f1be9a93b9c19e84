import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { VARIABLES, type Variable } from './variables.js';

/** The dashboards, in the order in which their links stand. */
export const PAGES = {
  fleet: { uid: 'conformance-packs-fleet', title: 'Conformance packs: fleet', name: 'Fleet' },
  pack: { uid: 'conformance-packs-pack', title: 'Conformance packs: pack', name: 'Pack' },
  account: {
    uid: 'conformance-packs-account',
    title: 'Conformance packs: account',
    name: 'Account',
  },
  exporter: {
    uid: 'conformance-packs-exporter',
    title: 'Conformance packs: exporter',
    name: 'Exporter',
  },
} as const;
export type Page = keyof typeof PAGES;

/** Links to the other dashboards, which keep the time and the variables. */
export function linksFrom(page: Page): readonly DashboardLinkBuilder[] {
  return (Object.keys(PAGES) as Page[])
    .filter((other) => other !== page)
    .map((other) =>
      new DashboardLinkBuilder(PAGES[other].name)
        .url(`/d/${PAGES[other].uid}`)
        .icon('dashboard')
        .includeVars(true)
        .keepTime(true),
    );
}

/** A link of a cell, a bar or a line, as Grafana's field configuration has it. */
export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank?: boolean;
}

/**
 * A link to another dashboard that keeps the time and the variables, but for those that take their
 * value from what was clicked on.
 */
export function drillDown(
  page: Page,
  title: string,
  clicked: Readonly<Partial<Record<Variable, string>>>,
): DataLink {
  const kept = VARIABLES.map((name) => {
    const value = clicked[name];
    return value === undefined ? `\${${name}:queryparam}` : `var-${name}=${value}`;
  });
  return { title, url: `/d/${PAGES[page].uid}?${kept.join('&')}&\${__url_time_range}` };
}

/** The value of a column in the row that was clicked on. */
export function column(label: Variable): string {
  return `\${__data.fields.${label}}`;
}

/** The value of a label of the series that was clicked on. */
export function seriesLabel(label: Variable): string {
  return `\${__field.labels.${label}}`;
}

/**
 * The host of the AWS console of each partition. The name of a Region tells its partition: these are
 * the patterns of partitions.json in the AWS SDKs, for the partitions that have organization packs,
 * and China's.
 */
const CONSOLES = [
  ['console.aws.amazon.com', '(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[0-9]+'],
  ['console.amazonaws-us-gov.com', 'us-gov-[a-z]+-[0-9]+'],
  ['console.amazonaws.cn', 'cn-[a-z]+-[0-9]+'],
] as const;

/** Adds a label `console`, for {@link CONSOLE_LINK}; without one in a partition that is not known. */
export function withConsole(expression: string): string {
  return CONSOLES.reduce(
    (labelled, [host, regions]) =>
      `label_replace(${labelled}, "console", "${host}", "aws_region", "${regions}")`,
    expression,
  );
}

/** A link of a cell that holds a label `console`. */
export const CONSOLE_LINK: DataLink = {
  title: 'Conformance packs of AWS Config in this Region',
  url: `https://\${__value.raw}/config/home?region=${column('aws_region')}#/conformance-packs`,
  targetBlank: true,
};
