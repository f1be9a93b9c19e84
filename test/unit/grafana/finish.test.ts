import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardLinkBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe, expect, it } from 'vitest';
import { finish, panelsOf } from '../../../grafana/finish.js';
import { targetsIn } from '../../support/grafana.js';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const panel = (title: string) =>
  new PanelBuilder()
    .title(title)
    .withTarget(new DataqueryBuilder().expr('a'))
    .withTarget(new DataqueryBuilder().expr('b'));

/** What the SDK makes of a dashboard, finished. */
function finished(...titles: readonly string[]): Dashboard {
  const dashboard = new DashboardBuilder('A dashboard')
    .editable()
    .withVariable(new DatasourceVariableBuilder('datasource').type('prometheus'))
    .withVariable(new QueryVariableBuilder('job').query('label_values(up, job)'))
    .annotation(new AnnotationQueryBuilder().name('Starts').expr('up'))
    .link(new DashboardLinkBuilder('Elsewhere'));
  for (const title of titles) dashboard.withPanel(panel(title));
  return finish(dashboard.withRow(new RowBuilder('Row').withPanel(panel('Within'))).build());
}

function idsByTitle(dashboard: Dashboard): Readonly<Record<string, number>> {
  return Object.fromEntries(panelsOf(dashboard).map(({ title = '', id = 0 }) => [title, id]));
}

describe('finish', () => {
  it('gives every panel an id of its own, those in rows and the rows included', () => {
    const ids = panelsOf(finished('One', 'Two')).map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(String(id)).toMatch(/^[1-9]\d*$/);
  });

  it('keeps the id of a panel when others come before it', () => {
    const before = idsByTitle(finished('One', 'Two'));
    expect(idsByTitle(finished('Zero', 'Two', 'One'))).toMatchObject(before);
  });

  it('refuses two panels of one title, which would have one id', () => {
    expect(() => finished('Same', 'Same')).toThrow(
      'Panels “Same” and “Same” would have the same id',
    );
  });

  it('names the queries of each panel from A on, and has them ask the chosen data source', () => {
    const dashboard = finished('One');
    expect(targetsIn(dashboard).map(({ place }) => place)).toEqual([
      'One/A',
      'One/B',
      'Within/A',
      'Within/B',
    ]);
    for (const target of targetsIn(dashboard)) {
      expect(target.datasource).toEqual(DATASOURCE);
      expect(target.panel.datasource).toEqual(DATASOURCE);
    }
  });

  it('has variables and annotations ask the chosen data source, and the choice itself none', () => {
    const { annotations, templating } = finished();
    expect(templating.list?.map(({ datasource }) => datasource)).toEqual([undefined, DATASOURCE]);
    expect(annotations.list?.map(({ datasource }) => datasource)).toEqual([DATASOURCE]);
  });

  it('leaves links and annotations where one sees them', () => {
    // What the SDK would do otherwise; without it there is nothing to mend.
    expect(new DashboardLinkBuilder('Elsewhere').build().placement).toBe('inControlsMenu');
    expect(JSON.stringify(finished())).not.toContain('placement');
  });

  it('reduces to the last value where the SDK says nothing', () => {
    const [first] = panelsOf(finished('One'));
    expect(first).toMatchObject({ options: { reduceOptions: { calcs: ['lastNotNull'] } } });
    const chosen = new DashboardBuilder('A dashboard').withPanel(
      panel('Most').reduceOptions({ build: () => ({ calcs: ['max'] }) }),
    );
    expect(panelsOf(finish(chosen.build()))[0]).toMatchObject({
      options: { reduceOptions: { calcs: ['max'] } },
    });
  });

  it('makes a dashboard that cannot be edited and shares its crosshair', () => {
    expect(finished()).toMatchObject({ id: null, editable: false, graphTooltip: 1 });
  });
});
