import { describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../../../grafana/dashboards.js';
import { panelsOf } from '../../../grafana/finish.js';
import { isMetric, metric } from '../../../grafana/metrics.js';
import { NEUTRAL } from '../../../grafana/palette.js';
import { VARIABLES } from '../../../grafana/variables.js';
import { ACCOUNT_FAMILIES } from '../../../src/metrics/account-families.js';
import { otherExpressions, targetsIn, variablesOf, visualPanels } from '../../support/grafana.js';
import { selectorsIn } from '../../support/promql.js';

const ALL = Object.entries(DASHBOARDS);

/** Every value of a property of this name, however deep. */
function deep(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === name ? [inner] : deep(inner, name),
  );
}

/** An expression with Grafana's own variables put in. */
const asPromql = (expression: string) => expression.replaceAll('$__rate_interval', '5m');

describe('metric', () => {
  it('knows the families of packs, accounts, organization, exporter, process and scrape', () => {
    for (const name of [
      'aws_config_org_conformance_pack_rollout',
      'aws_config_org_conformance_pack_account_missing',
      'aws_organizations_account_info',
      'conformance_pack_exporter_refresh_failures_total',
      'conformance_pack_exporter_api_request_duration_seconds_bucket',
      'nodejs_eventloop_lag_p99_seconds',
      'up',
    ]) {
      expect(metric(name)).toBe(name);
    }
  });

  it('refuses a name that no table has', () => {
    expect(() => metric('aws_config_org_conformance_pack_rollouts')).toThrow(
      'No table has a metric',
    );
    expect(() => metric('conformance_pack_exporter_api_request_duration_seconds')).toThrow();
  });
});

describe('the dashboards', () => {
  it('have uids of their own, as short as Grafana wants them', () => {
    const uids = ALL.map(([, { uid = '' }]) => uid);
    expect(new Set(uids).size).toBe(ALL.length);
    for (const uid of uids) expect(uid).toMatch(/^[a-z-]{1,40}$/);
  });

  it('link to dashboards that exist, and keep the time and every variable', () => {
    const uids = ALL.map(([, { uid }]) => uid);
    let dataLinks = 0;
    for (const [, dashboard] of ALL) {
      for (const link of dashboard.links ?? []) {
        expect(link).toMatchObject({ includeVars: true, keepTime: true });
        expect(uids).toContain(link.url?.replace('/d/', ''));
      }
      const urls = deep(dashboard.panels, 'url').map(String);
      for (const url of urls.filter((each) => !each.startsWith('https:'))) {
        dataLinks++;
        const [, uid, query = ''] = /^\/d\/([^?]+)\?(.*)$/.exec(url) ?? [];
        expect(uids).toContain(uid);
        expect(query).toContain('${__url_time_range}');
        for (const name of VARIABLES) {
          expect(query).toMatch(new RegExp(`(^|&)(var-${name}=\\S|\\$\\{${name}:queryparam\\})`));
        }
      }
    }
    expect(dataLinks).toBeGreaterThan(5);
  });

  it('link to the console of the partition that the Region is in', () => {
    const consoles = deep(ALL, 'url').filter((url) => String(url).startsWith('https:'));
    expect(new Set(consoles)).toEqual(
      new Set([
        'https://${__value.raw}/config/home?region=${__data.fields.aws_region}#/conformance-packs',
      ]),
    );
  });
});

describe.each(ALL)('the dashboard %s', (_, dashboard) => {
  const targets = targetsIn(dashboard);

  it('asks for nothing that the exporter does not tell', () => {
    const expressions = [...targets.map(({ expr }) => expr), ...otherExpressions(dashboard)];
    expect(expressions.length).toBeGreaterThan(10);
    for (const expression of expressions) {
      for (const { metrics } of selectorsIn(asPromql(expression))) {
        expect(metrics.length).toBeGreaterThan(0);
        expect(metrics.filter((name) => !isMetric(name))).toEqual([]);
      }
    }
  });

  it('never takes a range of account series, which change with the status in some modes', () => {
    const sparse = new Set(ACCOUNT_FAMILIES.map(({ name }) => name));
    for (const { expr, place } of targets) {
      for (const { metrics, range } of selectorsIn(asPromql(expr))) {
        if (metrics.some((name) => sparse.has(name))) expect(range, place).toBeUndefined();
      }
      const selected = expr.match(/_account_status\{/g) ?? [];
      const current = expr.match(/_account_status\{[^}]*\}( @ end\(\))? == 1/g) ?? [];
      expect(current.length, place).toBe(selected.length);
    }
  });

  it('never mixes sources of one name that are of several organizations', () => {
    for (const { expr, place } of targets) {
      for (const { matchers } of selectorsIn(asPromql(expr))) {
        expect(matchers.get('organization'), place).toBe('=~"$organization"');
      }
      for (const [, labels = ''] of expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)) {
        const keys = labels.split(', ');
        if (keys.includes('source')) expect(keys, place).toContain('organization');
      }
    }
  });

  it('says what it means where there is no data, and invents no zero', () => {
    for (const panel of visualPanels(dashboard)) {
      const defaults = panel.fieldConfig?.defaults;
      expect(defaults?.noValue, panel.title).toMatch(/\w/);
      // Below the first step lies what is no number: it must not look like what is well.
      expect(defaults?.thresholds?.steps[0] ?? { value: null, color: NEUTRAL }).toEqual({
        value: null,
        color: NEUTRAL,
      });
    }
    for (const { expr, place } of targets) expect(expr, place).not.toMatch(/vector\(|absent/);
  });

  it('fills cells without a value with a dash, not with what it says of an empty table', () => {
    for (const { fieldConfig, title, type } of visualPanels(dashboard)) {
      const isMatrix = (fieldConfig?.defaults.mappings ?? []).length > 0;
      if (type !== 'table' || isMatrix) continue;
      const ofColumns = fieldConfig?.overrides.map(({ properties }) => properties) ?? [];
      expect(ofColumns.length, title).toBeGreaterThan(0);
      for (const properties of ofColumns) {
        expect(properties, title).toContainEqual({ id: 'noValue', value: '–' });
      }
    }
  });

  it('says in text what it says in colour', () => {
    for (const mapping of deep(dashboard.panels, 'mappings').flat() as { options: unknown }[]) {
      const results = deep({ o: mapping.options }, 'text');
      expect(results.length).toBeGreaterThan(0);
      for (const text of results) expect(text).toMatch(/\S/);
    }
  });

  it('has panels of its own names on the grid, none upon another', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of panelsOf(dashboard)) {
      const { h, w, x, y } = gridPos ?? { h: 0, w: 0, x: 0, y: 0 };
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          expect(taken.has(`${column}/${row}`), title).toBe(false);
          taken.add(`${column}/${row}`);
        }
      }
    }
  });

  it('has the age of the data among its first panels, and every variable in its order', () => {
    expect(
      visualPanels(dashboard)
        .slice(0, 9)
        .map(({ title }) => title),
    ).toContain('Data age');
    expect(variablesOf(dashboard).map(({ name }) => name)).toEqual(VARIABLES);
  });
});
