import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { temporaryFolder } from '../../support/files.js';
import { only, render, renderWay } from '../../support/helm.js';
import type { KubernetesObject } from '../../support/kubernetes.js';
import { labelsOfPods, type Relabeling } from '../../support/relabel.js';
import { pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const RULES = 'deploy/prometheus/rules';
const DASHBOARDS = 'grafana/dashboards';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Groups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** What differs from one object to another, as a matcher of metadata. */
const named = (name: string): unknown => expect.objectContaining({ name });

describeWith('helm')('the monitors', () => {
  it.each([
    ['ServiceMonitor', 'irsa', 'endpoints'],
    ['PodMonitor', 'shards', 'podMetricsEndpoints'],
  ])('scrapes by a %s, as a job that the rules find', async (kind, way, key) => {
    const { spec } = only(await renderWay(way), kind);
    const [endpoint] = spec?.[key] as { relabelings: readonly Relabeling[] }[];
    expect(endpoint).toMatchObject({ port: 'metrics', path: '/metrics', scheme: 'http' });
    expect(endpoint?.relabelings[0]).toEqual({
      targetLabel: 'job',
      replacement: 'conformance-pack-exporter',
    });
    expect(textOf(`${RULES}/exporter.yml`)).toContain('job=~".*conformance-pack.*"');
  });

  describeWith('promtool')('Prometheus', () => {
    /** What a Deployment names its pods: 58 characters of what it has, and five by chance. */
    const podOf = (deployment: string, template: string, chance: string) =>
      `${deployment}-${template}-`.slice(0, 58) + chance;

    it.each([
      ['ServiceMonitor', 'endpoints'],
      ['PodMonitor', 'podMetricsEndpoints'],
    ])('gives pods series that outlast a rollout, by a %s', async (kind, key) => {
      const fullnameOverride = `a${'-long'.repeat(12)}`;
      const objects = await render({ fullnameOverride, monitor: { kind } });
      const { name } = only(objects, 'Deployment').metadata;
      const [endpoint] = only(objects, kind).spec?.[key] as { relabelings: Relabeling[] }[];
      const pods = {
        [podOf(name, '7d4b9c6f5d', 'x2x8q')]: name,
        [podOf(name, '66fd9b7c9c', 'zk4tq')]: name,
        'conformance-pack-exporter-7d4b9c6f5d-x2x8q': 'conformance-pack-exporter',
        'conformance-pack-exporter-12': 'conformance-pack-exporter-12',
      };
      const labels = await labelsOfPods(endpoint?.relabelings ?? [], Object.keys(pods));
      expect(labels).toEqual(
        Object.values(pods).map((instance) => ({
          container: 'exporter',
          endpoint: 'metrics',
          instance,
          job: 'conformance-pack-exporter',
          namespace: 'monitoring',
        })),
      );
    });
  });

  it('tells scrapes of TLS, users, the prefix and further labels', async () => {
    const spec = only(await renderWay('tls'), 'ServiceMonitor').spec;
    expect(spec?.['endpoints']).toMatchObject([
      {
        scheme: 'https',
        path: '/packs/metrics',
        tlsConfig: { serverName: 'conformance-pack-exporter.monitoring.svc' },
        basicAuth: { username: named('exporter-scrape'), password: named('exporter-scrape') },
      },
    ]);
    const irsa = only(await renderWay('irsa'), 'ServiceMonitor');
    expect(irsa.metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(irsa.spec).toMatchObject({ sampleLimit: 1_100_000 });
    expect(irsa.spec?.['endpoints']).toMatchObject([
      { relabelings: [{}, {}, {}, { targetLabel: 'organization', replacement: 'example' }] },
    ]);
  });
});

describeWith('helm')('the dashboards', () => {
  it('reach the sidecar byte by byte, and fit a ConfigMap', async () => {
    const maps = (await renderWay('irsa')).filter(
      ({ metadata }) => metadata.namespace === 'grafana',
    );
    const found = maps.flatMap(({ data = {}, metadata }) => {
      expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
      expect(metadata.annotations).toEqual({ grafana_folder: 'AWS Config' });
      return Object.entries(data);
    });
    const sources = readdirSync(pathOf(DASHBOARDS))
      .filter((file) => file.endsWith('.json'))
      .map((file) => [`conformance-packs-${file}`, textOf(`${DASHBOARDS}/${file}`)] as const);
    expect(found).toEqual(sources);
    for (const [, text] of found) expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
  });
});

describeWith('helm')('the rules', () => {
  const rulesOf = (objects: readonly KubernetesObject[]) =>
    only(objects, 'PrometheusRule').spec as unknown as Groups;
  const flat = ({ groups }: Groups) => groups.flatMap(({ rules }) => rules);
  const sources = readdirSync(pathOf(RULES)).map(
    (file) => parse(textOf(`${RULES}/${file}`)) as Groups,
  );
  const enabled = (more: object = {}) => ({ prometheusRule: { enabled: true, ...more } });
  const LINKS = {
    runbookBaseUrl: 'https://runbooks.example.com',
    dashboardBaseUrl: 'https://grafana.example.com/',
  };

  it('are those of the repository where nothing is changed about them', async () => {
    const { groups } = rulesOf(await render(enabled(LINKS)));
    expect(groups).toEqual(sources.flatMap((source) => source.groups));
  });

  it('have their runbooks where the status page says', async () => {
    const config = async (values: object) =>
      (await render(values)).find(({ kind }) => kind === 'ConfigMap')?.data?.['exporter.yaml'];
    expect(await config(enabled(LINKS))).toContain(`runbooks_url: ${LINKS.runbookBaseUrl}`);
    const own = { ...enabled(LINKS), config: { web: { runbooks_url: 'https://own.example.com' } } };
    expect(await config(own)).toContain('runbooks_url: https://own.example.com');
    expect(await config(enabled())).not.toContain('runbooks_url');
  });

  it('lead nowhere rather than to a place that is not there', async () => {
    const rules = flat(rulesOf(await render(enabled())));
    expect(rules.length).toBeGreaterThan(20);
    expect(JSON.stringify(rules)).not.toContain('example.com');
    for (const { alert, annotations } of rules) {
      if (alert !== undefined)
        expect(Object.keys(annotations ?? {})).toEqual(['description', 'summary']);
    }
  });

  it('can be left out by name, labelled, annotated and linked', async () => {
    const rules = flat(rulesOf(await renderWay('irsa')));
    const all = sources.flatMap(flat);
    const off = ['AWSConfigConformancePackRollupMismatch', 'AWSConfigExporterDown'];
    expect(rules.map(({ alert, record }) => alert ?? record)).toEqual(
      all.map(({ alert, record }) => alert ?? record).filter((name) => !off.includes(name ?? '')),
    );
    const alerts = rules.filter(({ alert }) => alert !== undefined);
    for (const { alert = '', annotations, labels } of alerts) {
      expect(labels).toMatchObject({ team: 'platform' });
      expect(labels?.['severity']).toMatch(/^(critical|warning|info)$/);
      expect(annotations).toMatchObject({
        chat: '#platform',
        runbook_url: `https://git.example.com/config-packs/docs/runbooks/${alert}.md`,
      });
      expect(annotations?.['dashboard_url']).toMatch(
        /^https:\/\/grafana\.example\.com\/monitoring\/d\/conformance-packs-/,
      );
    }
    for (const rule of rules.filter(({ record }) => record !== undefined)) {
      expect(rule).not.toHaveProperty('labels');
    }
  });

  describeWith('promtool')('promtool', () => {
    it.each(['irsa', 'nothing but the defaults'])('finds those of %s valid', async (way) => {
      const objects = way === 'irsa' ? await renderWay(way) : await render(enabled());
      const file = join(await temporaryFolder(), 'rules.yml');
      await writeFile(file, stringify(rulesOf(objects)));
      const { stdout } = await execute('promtool', [
        'check',
        'rules',
        '--lint=all',
        '--lint-fatal',
        file,
      ]);
      expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
    });
  });
});
