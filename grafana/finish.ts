import {
  DashboardCursorSync,
  VariableType,
  type Dashboard,
  type Panel,
  type RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** The data source that a dashboard's first variable chooses. */
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/**
 * What the SDK leaves out, or leaves to Grafana to fill in at the first import, so that each import
 * would differ from the file: ids of panels and of queries, the data source, and a few defaults that
 * no dashboard of ours wants. Changes `dashboard` and returns it.
 */
export function finish(dashboard: Dashboard): Dashboard {
  const panels = panelsOf(dashboard);
  giveIds(panels);
  for (const panel of panels) {
    if (isRow(panel)) continue;
    panel.datasource = DATASOURCE;
    panel.targets?.forEach((target, index) => {
      Object.assign(target, { refId: refId(index), datasource: DATASOURCE });
    });
    const reduction = (panel.options as { reduceOptions?: { calcs?: string[] } } | undefined)
      ?.reduceOptions;
    if (reduction?.calcs?.length === 0) reduction.calcs = ['lastNotNull'];
  }
  for (const variable of dashboard.templating.list ?? []) {
    if (variable.type === VariableType.Query) variable.datasource = DATASOURCE;
  }
  for (const annotation of dashboard.annotations.list ?? []) {
    annotation.datasource = DATASOURCE;
    delete annotation.placement;
  }
  for (const link of dashboard.links ?? []) delete link.placement;
  return Object.assign(dashboard, {
    id: null,
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
  });
}

/** All panels, those in rows included. */
export function panelsOf({ panels = [] }: Dashboard): readonly (Panel | RowPanel)[] {
  return panels.flatMap((panel) => (isRow(panel) ? [panel, ...panel.panels] : [panel]));
}

export function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}

/** A, B, C… as Grafana names queries. */
export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

/**
 * Ids come from the titles: a link to a panel then still leads there after others have been added or
 * moved. Throws where two panels would have the same.
 */
function giveIds(panels: readonly (Panel | RowPanel)[]): void {
  const titles = new Map<number, string>();
  for (const panel of panels) {
    const title = panel.title ?? '';
    const id = idOf(title);
    const other = titles.get(id);
    if (other !== undefined) {
      throw new Error(`Panels “${other}” and “${title}” would have the same id; rename one`);
    }
    titles.set(id, title);
    panel.id = id;
  }
}

/** The 32-bit FNV-1a hash of a title, folded to an id of at most six digits. */
function idOf(title: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(title)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return 1 + (hash % 999_999);
}
