import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  RowBuilder,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { finish } from './finish.js';
import { linksFrom, PAGES, type Page } from './links.js';
import { COLOURS } from './palette.js';
import { INSTANCE_KEY, ofExporter } from './promql.js';
import { variables, type Choice } from './variables.js';

interface PageOptions extends Choice {
  readonly description: string;
  readonly panels: readonly Builder<Panel>[];
  /** Rows of further panels, closed at first: their queries are run when somebody opens them. */
  readonly rows?: Readonly<Record<string, readonly Builder<Panel>[]>>;
}

/** A dashboard. Panels stand from left to right and from top to bottom, as their widths allow. */
export function page(name: Page, options: PageOptions): Dashboard {
  const { description, panels, rows = {} } = options;
  const { title, uid } = PAGES[name];
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['conformance-pack-exporter', 'aws-config'])
    .time({ from: 'now-24h', to: 'now' })
    .refresh('1m')
    .variables([...variables(options)])
    .links([...linksFrom(name)])
    .annotation(restarts());
  for (const panel of panels) dashboard.withPanel(panel);
  for (const [rowTitle, contents] of Object.entries(rows)) {
    const row = new RowBuilder(rowTitle);
    for (const panel of contents) row.withPanel(panel);
    dashboard.withRow(row);
  }
  return finish(dashboard.build());
}

/** A start of the exporter, after which its counters are 0 and what it has not read yet is not told. */
function restarts(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Starts of the exporter')
    .enable(true)
    .hide(false)
    .iconColor(COLOURS.plain)
    .expr(`max by (${INSTANCE_KEY}) (${ofExporter('start_time_seconds')}) * 1000`)
    .step('60s')
    .useValueForTime(true)
    .titleFormat('Exporter started')
    .textFormat('{{instance}} {{organization}}');
}
