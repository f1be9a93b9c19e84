import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTION_ROWS } from '../../../src/config/options.js';
import { temporaryFolder } from '../../support/files.js';
import { CHART, helm, only, render, renderWay, valuesFile, WAYS } from '../../support/helm.js';
import {
  beyondRestricted,
  parseObjects,
  podOf,
  problemsOf,
  type Container,
  type KubernetesObject,
} from '../../support/kubernetes.js';
import { run } from '../../support/program.js';
import { exporterOf, laidOut, startBlind } from '../../support/release.js';
import { pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const RULES = 'deploy/prometheus/rules';
const DASHBOARDS = 'grafana/dashboards';

describe('the chart', () => {
  const chart = parse(textOf(`${CHART}/Chart.yaml`)) as { version: string; appVersion: string };
  const { version } = JSON.parse(textOf('package.json')) as { version: string };

  it('is of the version of the program', () => {
    expect(chart).toMatchObject({ version, appVersion: version });
  });

  it.each([
    ['rules', RULES, '.yml'],
    ['dashboards', DASHBOARDS, '.json'],
  ])('has the %s of the repository, byte by byte', (name, folder, extension) => {
    const sources = readdirSync(pathOf(folder)).filter((file) => file.endsWith(extension));
    expect(sources.length).toBeGreaterThan(1);
    expect(readdirSync(pathOf(`${CHART}/files/${name}`))).toEqual(sources);
    for (const file of sources) {
      expect(textOf(`${CHART}/files/${name}/${file}`)).toBe(textOf(`${folder}/${file}`));
    }
  });

  it('has a schema of every value and of nothing else', () => {
    interface Schema {
      readonly additionalProperties?: unknown;
      readonly properties?: Readonly<Record<string, Schema>>;
    }
    const keysOf = (values: object) => Object.keys(values).sort();
    const compare = (values: Readonly<Record<string, unknown>>, { properties = {} }: Schema) => {
      const known = Object.fromEntries(
        Object.entries(properties).filter(([key]) => key !== 'global'),
      );
      expect(keysOf(values)).toEqual(keysOf(known));
      for (const [key, value] of Object.entries(values)) {
        const schema = known[key];
        expect(schema, key).toBeDefined();
        const map = typeof value === 'object' && value !== null && !Array.isArray(value);
        // Maps that anybody may add to have no keys to compare.
        if (map && schema?.additionalProperties === false && !FREE.includes(key)) {
          compare(value as Readonly<Record<string, unknown>>, schema);
        }
      }
    };
    const FREE = [
      'affinity',
      'basicAuth',
      'config',
      'podSecurityContext',
      'resources',
      'securityContext',
      'tlsConfig',
    ];
    compare(
      parse(textOf(`${CHART}/values.yaml`)) as Readonly<Record<string, unknown>>,
      JSON.parse(textOf(`${CHART}/values.schema.json`)) as Schema,
    );
  });

  it.each([
    ['refresh.requests-per-second', '_config.tpl', /default ([\d.]+) \$refresh/],
    ['samples.limit', '_validate.tpl', /ternary \(.+\) "(\d+)"/],
  ])('goes by the default of the program for %s', (name, file, pattern) => {
    const preset = OPTION_ROWS.find(([other]) => other === name)?.[1].default;
    expect(pattern.exec(textOf(`${CHART}/templates/${file}`))?.[1]).toBe(preset);
  });
});

describeWith('helm')('helm lint --strict', () => {
  it.each(WAYS)('finds nothing in the values %s', async (way) => {
    const said = await helm('lint', '--strict', CHART, `--values=${valuesFile(way)}`);
    expect(said).toContain('1 chart(s) linted, 0 chart(s) failed');
  });
});

/** The kinds of each way, but for those that are always there. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  claim: ['ConfigMap', 'Deployment'],
  'client-certificates': ['ConfigMap', 'Deployment'],
  default: ['ConfigMap', 'Deployment'],
  demo: ['ConfigMap', 'Deployment'],
  irsa: [
    'ConfigMap',
    'ConfigMap',
    'ConfigMap',
    'ConfigMap',
    'ConfigMap',
    'Deployment',
    'NetworkPolicy',
    'PrometheusRule',
    'ServiceMonitor',
  ],
  reload: ['ConfigMap', 'Deployment'],
  secret: ['Deployment', 'NetworkPolicy'],
  shards: ['ConfigMap', 'NetworkPolicy', 'PodDisruptionBudget', 'PodMonitor', 'StatefulSet'],
  stateless: ['ConfigMap', 'Deployment'],
  tls: ['ConfigMap', 'Deployment', 'ServiceMonitor'],
  volume: ['ConfigMap', 'Deployment', 'PersistentVolumeClaim'],
};

/** A web configuration that lets nobody in without a certificate. */
const MUTUAL = `tls_server_config:
  cert_file: tls.crt
  key_file: tls.key
  client_ca_file: ca.crt
  client_auth_type: RequireAndVerifyClientCert
`;

const REGION = { aws: { region: 'eu-west-1' } };

describeWith('helm')('helm template', () => {
  const rendered = Promise.all(WAYS.map(async (way) => [way, await renderWay(way)] as const)).then(
    (entries) => new Map(entries),
  );
  // Whoever waits for it is told of a failure.
  rendered.catch(() => undefined);
  const objectsOf = async (way: string) => (await rendered).get(way) ?? [];

  it('makes objects that are what Kubernetes and the Prometheus operator know', async () => {
    const objects = [...(await rendered).values()].flat();
    expect(objects.length).toBeGreaterThan(50);
    expect(problemsOf(objects)).toEqual([]);
  });

  it.each([
    ['replicas', 'three', /spec\/replicas must be integer/],
    ['podManagmentPolicy', 'Parallel', /'"podManagmentPolicy"' does not exist/],
  ])('would be found out for a wrong field %s', async (field, value, problem) => {
    const object = only(await objectsOf('shards'), 'StatefulSet');
    const broken = { ...object, spec: { ...object.spec, [field]: value } };
    expect(problemsOf([broken]).join()).toMatch(problem);
  });

  describe.each(WAYS)('with the values %s', (way) => {
    it('makes the kinds that it ought to', async () => {
      const account = way === 'secret' ? [] : ['ServiceAccount'];
      const kinds = (await objectsOf(way)).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual([...(KINDS[way] ?? []), ...account, 'Pod', 'Service'].sort());
    });

    it('gives everything a name of its own, a namespace and labels', async () => {
      const objects = await objectsOf(way);
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { kind, metadata } of objects) {
        const elsewhere = way === 'irsa' && kind === 'ConfigMap' ? /^(grafana|monitoring)$/ : '';
        expect(metadata.namespace).toMatch(elsewhere === '' ? /^monitoring$/ : elsewhere);
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/instance': 'conformance-pack-exporter',
        });
      }
    });

    it('makes pods that the Pod Security Standard restricted lets in', async () => {
      const pods = (await objectsOf(way)).flatMap((object) => podOf(object) ?? []);
      expect(pods).toHaveLength(2);
      expect(pods.flatMap(beyondRestricted)).toEqual([]);
      for (const { spec } of pods) {
        expect(spec).toMatchObject({
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { runAsUser: 65532 },
        });
        for (const { securityContext } of spec.containers) {
          expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true });
        }
      }
    });

    it('leads whoever selects the pods to them', async () => {
      const objects = await objectsOf(way);
      const { container, pod } = exporterOf(objects);
      const selected = objects.flatMap(({ kind, spec }) => {
        const selector = (spec?.['selector'] ?? spec?.['podSelector']) as
          { matchLabels?: object } | undefined;
        // A ServiceMonitor selects Services, which have more labels than their pods.
        return kind === 'ServiceMonitor' || selector === undefined
          ? []
          : [selector.matchLabels ?? selector];
      });
      expect(selected.length).toBeGreaterThan(1);
      for (const labels of selected) expect(pod.metadata.labels).toMatchObject(labels);
      const service = only(objects, 'Service');
      const monitors = objects.filter(({ kind }) => kind === 'ServiceMonitor');
      for (const { spec } of monitors) {
        expect(service.metadata.labels).toMatchObject(
          (spec?.['selector'] as { matchLabels: object }).matchLabels,
        );
      }
      // Not the pod of the test, which would answer for itself.
      const test = only(objects, 'Pod');
      expect(test.metadata.labels).not.toMatchObject(service.spec?.['selector'] as object);
      const [port] = container.ports ?? [];
      expect(service.spec).toMatchObject({
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        ports: [{ name: port?.name, targetPort: port?.name, port: port?.containerPort }],
      });
    });

    it('mounts what it has, and has what it mounts', async () => {
      const objects = await objectsOf(way);
      const { container, pod } = exporterOf(objects);
      const claims = objects.flatMap(
        ({ spec }) => (spec?.['volumeClaimTemplates'] ?? []) as KubernetesObject[],
      );
      const volumes = [
        ...(pod.spec.volumes ?? []).map(({ name }) => name),
        ...claims.map(({ metadata }) => metadata.name),
      ];
      const mounts = (container.volumeMounts ?? []).map(({ name }) => name);
      expect(mounts.sort()).toEqual(volumes.sort());
    });

    it('starts the program with what it takes', async () => {
      const { args, environment } = await laidOut(await objectsOf(way));
      const { stderr, stdout } = await run(['--config.check', ...args], environment);
      expect(stdout, stderr).toBe('The configuration is valid.\n');
    });
  });

  describe.each(['default', 'tls', 'shards'])('the probes of %s', (way) => {
    it('find the exporter alive though it cannot read AWS, and not ready', async () => {
      const objects = await objectsOf(way);
      const { container } = exporterOf(objects);
      const url = await startBlind(objects);
      const statusOf = async (probe: Container['startupProbe']) => {
        const { path = '', scheme } = probe?.httpGet ?? {};
        expect(`${scheme?.toLowerCase() ?? ''}:`).toBe(new URL(url).protocol);
        return statusAt(`${url}${path}`);
      };
      expect(await statusOf(container.startupProbe)).toBe('200');
      expect(await statusOf(container.livenessProbe)).toBe('200');
      expect(await statusOf(container.readinessProbe)).toBe('503');
    });
  });

  it.each([
    ['default', undefined],
    ['tls', undefined],
    ['shards', undefined],
    ['client-certificates', MUTUAL],
  ])('finds life in %s by `helm test`, with the program that the image has', async (way, web) => {
    const objects = await objectsOf(way);
    const url = await startBlind(objects, web);
    const [test] = podOf(only(objects, 'Pod'))?.spec.containers ?? [];
    const [, program] = /CMD \["node", "(.+)"\]$/m.exec(textOf('Dockerfile')) ?? [];
    expect(test?.command).toEqual(['node', program]);
    const [address = '', ...others] = test?.args ?? [];
    expect(others).toEqual([]);
    const { pathname, protocol } = new URL(address);
    expect(protocol).toBe(new URL(url).protocol);
    const check = pathOf('deploy/container/healthcheck.mjs');
    const ask = (path: string) => execute(process.execPath, [check, `${url}${path}`]);
    await expect(ask(pathname)).resolves.toBeDefined();
    // Behind a password or a certificate nobody gets as far as a path.
    if (way === 'default') await expect(ask('/-/nothing')).rejects.toMatchObject({ code: 1 });
  });

  it('probes the port alone where requests are limited, which would refuse the others', async () => {
    const probes = { handler: 'tcpSocket' };
    const objects = await render({ config: REGION, probes, web: { configSecret: 'exporter-web' } });
    const url = await startBlind(objects, 'rate_limit: { interval: 1h, burst: 1 }\n');
    expect(await statusAt(`${url}/-/healthy`)).toBe('200');
    expect(await statusAt(`${url}/-/healthy`)).toBe('429');
    expect(exporterOf(objects).container.livenessProbe?.tcpSocket).toEqual({ port: 'metrics' });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await expect(once(socket, 'connect')).resolves.toEqual([]);
    socket.destroy();
  });

  /** The status of an address, whoever has signed the certificate. */
  async function statusAt(address: string): Promise<string> {
    const { stdout } = await execute('curl', ['-sko', '/dev/null', '-w', '%{http_code}', address]);
    return stdout;
  }

  it('leaves the liveness to the process, and gives the first refresh all the time it takes', async () => {
    const { container } = exporterOf(await objectsOf('default'));
    const { livenessProbe, readinessProbe, startupProbe } = container;
    expect(startupProbe?.httpGet?.path).toBe('/-/healthy');
    expect(livenessProbe?.httpGet?.path).toBe('/-/healthy');
    expect(readinessProbe?.httpGet?.path).toBe('/-/ready');
    const timeout = OPTION_ROWS.find(([name]) => name === 'refresh.timeout')?.[1].default;
    expect(timeout).toBe('30m');
    const { spec } = only(await objectsOf('default'), 'Deployment');
    expect(spec?.['progressDeadlineSeconds']).toBeGreaterThan(30 * 60);
  });

  it('probes the port alone where clients need certificates', async () => {
    const { container } = exporterOf(await objectsOf('client-certificates'));
    for (const probe of [
      container.startupProbe,
      container.livenessProbe,
      container.readinessProbe,
    ]) {
      expect(probe).toMatchObject({ tcpSocket: { port: 'metrics' } });
      expect(probe).not.toHaveProperty('httpGet');
    }
  });

  it('takes names that YAML would take for something else', async () => {
    const objects = await render({
      fullnameOverride: 'null',
      configSecret: { name: '1' },
      priorityClassName: 'true',
      serviceAccount: { name: '0.1' },
      state: { persistentVolumeClaim: { enabled: true, storageClassName: '1' } },
      web: { configSecret: '2' },
    });
    expect(problemsOf(objects)).toEqual([]);
    expect(only(objects, 'Service').metadata.name).toBe('null');
  });

  it('never has two processes, but for shards', async () => {
    expect(only(await objectsOf('default'), 'Deployment').spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
    });
  });

  it('tells shards apart by their pods, and divides the rate among them', async () => {
    const objects = await objectsOf('shards');
    expect(only(objects, 'StatefulSet').spec).toMatchObject({
      replicas: 3,
      podManagementPolicy: 'Parallel',
      serviceName: only(objects, 'Service').metadata.name,
      volumeClaimTemplates: [{ metadata: { name: 'state' }, spec: { storageClassName: 'gp3' } }],
    });
    const { container, pod } = exporterOf(objects);
    expect(container.args).toEqual(
      expect.arrayContaining(['--shard.index=auto', '--shard.total=3']),
    );
    const config = only(objects, 'ConfigMap').data?.['exporter.yaml'] ?? '';
    expect(parse(config)).toMatchObject({ refresh: { requests_per_second: 3.333 } });
    const [first] = await render({ shards: { total: 2 } }).then((all) =>
      all.filter(({ kind }) => kind === 'ConfigMap'),
    );
    expect(parse(first?.data?.['exporter.yaml'] ?? '')).toEqual({
      refresh: { requests_per_second: 2.5 },
    });
    expect(pod.spec['topologySpreadConstraints']).toMatchObject([
      { labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'conformance-pack-exporter' } } },
    ]);
    const { args, environment } = await laidOut(objects, 'conformance-pack-exporter-3');
    const { code, stderr } = await run(['--config.check', ...args], environment);
    expect(code).toBe(2);
    expect(stderr).toContain('is 3, and there is none above 2');
  });

  it.each([
    ['default', { emptyDir: { sizeLimit: '256Mi' } }],
    ['claim', { persistentVolumeClaim: { claimName: 'exporter-state' } }],
    ['volume', { persistentVolumeClaim: { claimName: 'conformance-pack-exporter' } }],
  ])('keeps the state as %s says', async (way, volume) => {
    const { container, pod } = exporterOf(await objectsOf(way));
    expect(pod.spec.volumes).toContainEqual({ name: 'state', ...volume });
    const folder = container.volumeMounts?.find(({ name }) => name === 'state')?.mountPath;
    expect(container.args).toContain(`--state.file=${folder ?? ''}/state`);
  });

  it('keeps no state where it is told so', async () => {
    const { container, pod } = exporterOf(await objectsOf('stateless'));
    expect(container.args?.join(' ')).not.toContain('--state.file');
    expect(pod.spec.volumes?.map(({ name }) => name)).toEqual(['config']);
  });

  it('sees to it that no Service of its name gets in the way', async () => {
    const variables = { CONFORMANCE_PACK_EXPORTER_PORT: 'tcp://10.0.0.1:10117' };
    const { code, stderr } = await run(['--config.check', '--aws.region=eu-west-1'], variables);
    expect(code).toBe(2);
    expect(stderr).toContain('CONFORMANCE_PACK_EXPORTER_PORT');
    const { pod } = exporterOf(await objectsOf('default'));
    expect(pod.spec['enableServiceLinks']).toBe(false);
  });

  it('restarts the exporter for a change of its configuration, and for nothing else', async () => {
    const templateOf = async (values: object) => exporterOf(await render(values)).pod;
    const region = (name: string) => ({ config: { aws: { region: name } } });
    const before = await templateOf(region('eu-west-1'));
    expect(await templateOf({ ...region('eu-west-1'), monitor: { interval: '2m' } })).toEqual(
      before,
    );
    expect(await templateOf(region('us-east-1'))).not.toEqual(before);
    const off = { restartOnConfigChange: false };
    expect(await templateOf({ ...region('us-east-1'), ...off })).toEqual(
      await templateOf({ ...region('eu-west-1'), ...off }),
    );
  });

  it('names the role for IRSA, and none for EKS Pod Identity', async () => {
    const accountOf = async (way: string) => only(await objectsOf(way), 'ServiceAccount');
    expect((await accountOf('irsa')).metadata).toMatchObject({
      name: 'exporter',
      annotations: {
        'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/conformance-pack-exporter',
      },
    });
    expect(exporterOf(await objectsOf('irsa')).pod.spec.serviceAccountName).toBe('exporter');
    expect((await accountOf('default')).metadata).not.toHaveProperty('annotations');
    expect(exporterOf(await objectsOf('default')).pod.spec.serviceAccountName).toBe(
      'conformance-pack-exporter',
    );
    expect(exporterOf(await objectsOf('secret')).pod.spec.serviceAccountName).toBe('default');
  });

  it('takes the image by digest, by tag, or by its own version', async () => {
    const imageOf = async (image: object) => exporterOf(await render({ image })).container.image;
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    expect(await imageOf({})).toBe(`conformance-pack-exporter:${version}`);
    expect(await imageOf({ tag: 'edge' })).toBe('conformance-pack-exporter:edge');
    expect(exporterOf(await objectsOf('secret')).container.image).toMatch(
      /^registry\.example\.com\/monitoring\/conformance-pack-exporter@sha256:[0-9a-f]{64}$/,
    );
  });

  describe('as a part of another chart', () => {
    it('takes what is global', async () => {
      const folder = await temporaryFolder();
      await cp(pathOf(CHART), join(folder, 'charts/conformance-pack-exporter'), {
        recursive: true,
      });
      await writeFile(
        join(folder, 'Chart.yaml'),
        'apiVersion: v2\nname: monitoring\nversion: 1.0.0\n',
      );
      await writeFile(join(folder, 'values.yaml'), 'global: { cluster: example }\n');
      const objects = parseObjects(await helm('template', 'monitoring', folder));
      expect(only(objects, 'Service').metadata.name).toBe('monitoring-conformance-pack-exporter');
    });
  });

  it('says after an installation what is left to do', async () => {
    const notes = async (way: string, ...more: readonly string[]) => {
      const args = ['--dry-run=client', '--namespace=monitoring', `--values=${valuesFile(way)}`];
      return (await helm('install', 'packs', CHART, ...args, ...more)).split('\nNOTES:\n')[1] ?? '';
    };
    expect(await notes('default')).toMatch(/EKS Pod Identity[^]*Nothing scrapes it yet/);
    expect(await notes('irsa')).not.toMatch(/IRSA|Nothing scrapes it yet/);
    expect(await notes('tls')).toContain('https://localhost:8443/packs/');
    const unnamed = /The image conformance-pack-exporter:\S+ names no registry/;
    expect(await notes('default')).toMatch(unnamed);
    const repository = 'image.repository=registry.example.com/conformance-pack-exporter';
    expect(await notes('default', `--set=${repository}`)).not.toMatch(unnamed);
    const muted = 'what mutes them in Alertmanager';
    expect(await notes('default', '--set=prometheusRule.enabled=true')).toContain(muted);
    expect(await notes('default')).not.toContain(muted);
    const region = 'No Region is named';
    expect(await notes('default')).toContain(region);
    const named = WAYS.filter((way) => way !== 'default');
    for (const way of named) expect(await notes(way), way).not.toContain(region);
    for (const values of [
      'extraEnv[0].name=AWS_REGION,extraEnv[0].value=eu-west-1',
      'extraEnvFrom[0].configMapRef.name=region',
      'extraArgs={--aws.region=eu-west-1}',
    ]) {
      expect(await notes('default', `--set=${values}`), values).not.toContain(region);
    }
    expect(await notes('default', '--set=extraArgs={--aws.external-id=an-id}')).toContain(region);
  });
});
