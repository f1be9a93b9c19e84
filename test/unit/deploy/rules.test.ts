import { describe, expect, it } from 'vitest';
import { PAGES } from '../../../grafana/links.js';
import { VARIABLES } from '../../../grafana/variables.js';
import { ACCOUNT_FAMILIES } from '../../../src/metrics/account-families.js';
import { exposedSeries, seriesNamedIn } from '../../support/known-series.js';
import { groupingsIn, selectorsIn } from '../../support/promql.js';
import { loadAlerts, loadRules, loadTests, namesIn, type RuleTest } from '../../support/rules.js';

const RUNBOOKS = 'https://runbooks.example.com';
const GRAFANA = 'https://grafana.example.com';

const rules = loadRules();
const alerts = loadAlerts();
const alertNames = [...new Set(alerts.map(({ alert }) => alert))];
const recorded = rules.flatMap(({ record = [] }) => record);

const exposed = exposedSeries();
/** What Prometheus itself adds to targets, and the labels of targets that rules know. */
const PROMETHEUS: ReadonlyMap<string, readonly string[]> = new Map([['up', []]]);
const TARGET_LABELS = ['job', 'instance', 'pod'];
const allLabels = new Set([...TARGET_LABELS, ...[...exposed.values()].flat()]);

describe.each(rules.map((rule) => [rule.record ?? rule.alert ?? '', rule] as const))(
  'the rule %s',
  (_, { expr }) => {
    const selectors = selectorsIn(expr);

    it('selects nothing that does not exist', () => {
      for (const { matchers, metrics } of selectors) {
        expect(metrics).toHaveLength(1);
        const [metric = ''] = metrics;
        const known = exposed.get(metric) ?? PROMETHEUS.get(metric);
        expect(known !== undefined || recorded.includes(metric), metric).toBe(true);
        const allowed = known ? [...known, ...TARGET_LABELS] : [...allLabels];
        expect(allowed, metric).toEqual(expect.arrayContaining([...matchers.keys()]));
      }
      expect([...allLabels]).toEqual(expect.arrayContaining([...groupingsIn(expr)]));
    });

    it('takes of counters the increase only', () => {
      const counters = selectors.filter(({ metrics }) => metrics.join().endsWith('_total'));
      expect(counters.filter(({ calledBy }) => calledBy !== 'increase')).toEqual([]);
    });

    it('stands on families that are whole in every mode', () => {
      const sparse = ACCOUNT_FAMILIES.map(({ name }) => name);
      const selected = selectors.flatMap(({ metrics }) => metrics);
      expect(selected.filter((metric) => sparse.includes(metric))).toEqual([]);
    });
  },
);

describe.each(
  alerts.map((alert) => [`${alert.alert} (${alert.labels['severity']})`, alert] as const),
)('the alert %s', (_, { alert, annotations, comment, expr, labels }) => {
  it('is grave in one of three ways', () => {
    expect(['critical', 'warning', 'info']).toContain(labels['severity']);
  });

  it('argues its threshold and its `for`', () => {
    expect(comment).not.toBe('');
  });

  it('has a summary that is one static sentence', () => {
    expect(annotations['summary']).toMatch(/^[A-Z][^{}]+\.$/);
  });

  it('has a description that names what it is about', () => {
    const { description = '' } = annotations;
    expect(description).toMatch(/\.$/);
    const about = /PackQuotaNear/.test(alert) ? ['aws_region'] : placeOf(alert);
    for (const label of about) expect(description).toContain(`{{ $labels.${label} }}`);
  });

  it('asks in its description for series that exist', () => {
    const named = seriesNamedIn(Object.values(annotations).join(' '));
    const known: ReadonlySet<string> = new Set([...exposed.keys(), ...recorded, ...allLabels]);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('links its runbook and a dashboard, below the addresses that a user replaces', () => {
    expect(annotations['runbook_url']).toBe(`${RUNBOOKS}/${alert}.md`);
    const url = new URL(annotations['dashboard_url'] ?? '');
    expect(url.origin).toBe(GRAFANA);
    const uids = Object.values(PAGES).map(({ uid }) => `/d/${uid}`);
    expect(uids).toContain(url.pathname);
    const variables = VARIABLES.map((name) => `var-${name}`);
    expect(variables).toEqual(expect.arrayContaining([...url.searchParams.keys()]));
  });

  it('says nothing of replicas, unless it is about processes', () => {
    const groupings = groupingsIn(expr);
    if (!/Down|ShardMissing/.test(alert) && !isRecorded(expr)) {
      expect(groupings).toEqual(expect.arrayContaining(TARGET_LABELS));
    }
  });
});

/** The labels that say where the trouble is. */
function placeOf(alert: string): readonly string[] {
  if (alert.startsWith('AWSConfigConformancePack')) {
    return ['conformance_pack', 'aws_region', 'source'];
  }
  if (/Down|ShardMissing|Omitted|StateNotWritten|ReloadFailed|Certificate/.test(alert)) return [];
  return /CredentialsFailing|AccountsStale/.test(alert) ? ['source'] : ['aws_region', 'source'];
}

/** Whether an expression stands on recording rules alone, which have merged replicas. */
function isRecorded(expr: string): boolean {
  return selectorsIn(expr).every(({ metrics }) => recorded.includes(metrics.join()));
}

describe('the tests for promtool', () => {
  it('are there for every alert, and for a restart', () => {
    expect([...namesIn('tests')].sort()).toEqual([...alertNames, 'restart'].sort());
  });

  it.each(alertNames)('show that %s fires, only just does not, and ends', (name) => {
    const tests = loadTests(name);
    const kinds = (['fires: ', 'near miss: ', 'resolves: '] as const).map((kind) =>
      tests.filter((test) => test.name.startsWith(kind)),
    );
    expect(kinds.flat().length, 'tests of no kind').toBe(tests.length);
    const [fires = [], misses = [], resolves = []] = kinds;
    for (const some of kinds) expect(some.length).toBeGreaterThan(0);
    for (const test of fires) expect(told(test, name).at(-1)).toBeGreaterThan(0);
    for (const test of misses) {
      expect(test.input_series.length).toBeGreaterThan(0);
      expect(told(test, name).filter((alerts) => alerts > 0)).toEqual([]);
    }
    for (const test of resolves) {
      expect(told(test, name)).toEqual([0]);
      const firing = (test.promql_expr_test ?? []).filter(({ expr }) => expr.includes(name));
      expect(firing.some(({ exp_samples }) => exp_samples.length > 0)).toBe(true);
    }
  });

  it('show every severity of an alert', () => {
    for (const { alert, labels } of alerts) {
      const { severity = '' } = labels;
      const shown = loadTests(alert)
        .flatMap(({ alert_rule_test = [] }) => alert_rule_test)
        .flatMap(({ exp_alerts }) => JSON.stringify(exp_alerts));
      expect(shown.join(), alert).toContain(`"severity":"${severity}"`);
    }
  });
});

/** How many alerts each check of a test expects. */
function told({ alert_rule_test = [] }: RuleTest, name: string): readonly number[] {
  return alert_rule_test
    .filter(({ alertname }) => alertname === name)
    .map(({ exp_alerts }) => exp_alerts.length);
}
