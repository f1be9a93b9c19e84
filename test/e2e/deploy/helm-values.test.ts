import { expect, it } from 'vitest';
import { refusal, render } from '../../support/helm.js';
import { describeWith } from '../../support/servers.js';

describeWith('helm')('the schema of the values', () => {
  it.each<[object, RegExp]>([
    [{ imagee: {} }, /at '': additional properties 'imagee' not allowed/],
    [{ image: { tags: '1' } }, /at '\/image': additional properties 'tags' not allowed/],
    [{ image: { tag: 'a b' } }, /at '\/image\/tag': 'a b' does not match pattern/],
    [{ image: { digest: 'sha256:1' } }, /at '\/image\/digest': 'sha256:1' does not match/],
    [{ image: { pullPolicy: 'Sometimes' } }, /at '\/image\/pullPolicy': value must be one of/],
    [
      { image: { pullSecrets: ['registry'] } },
      /at '\/image\/pullSecrets\/0': got string, want object/,
    ],
    [{ config: { refesh: {} } }, /at '\/config': additional properties 'refesh' not allowed/],
    [
      { config: { refresh: { interval: 'often' } } },
      /at '\/config\/refresh\/interval': 'often' does/,
    ],
    [{ config: { aws: { region: 'Ireland' } } }, /at '\/config\/aws\/region'/],
    [
      { config: { aws: { external_id: 'x' } } },
      /at '\/config\/aws\/external_id': minLength: got 1, want 2/,
    ],
    [
      { config: { sources: [{ name: 'a' }] } },
      /at '\/config\/sources\/0': missing property 'regions'/,
    ],
    [
      { config: { shard: { total: 3 } } },
      /at '\/config': additional properties 'shard' not allowed/,
    ],
    [{ config: { state: {} } }, /at '\/config': additional properties 'state' not allowed/],
    [
      { config: { web: { listen_address: ':1' } } },
      /at '\/config\/web': additional properties 'listen_address' not allowed/,
    ],
    [{ config: { web: { telemetry_path: '/api' } } }, /at '\/config\/web\/telemetry_path': 'not'/],
    [{ extraArgs: ['log.level=debug'] }, /at '\/extraArgs\/0': 'log.level=debug' does not match/],
    [{ extraArgs: '--demo' }, /at '\/extraArgs': got string, want array/],
    ...['--no-such-flag=1', '--log.level', '--demo=happy', '--no-demo', '--no-log.level=debug'].map(
      (flag): [object, RegExp] => [
        { extraArgs: [flag] },
        new RegExp(`at '/extraArgs/0': '${flag}' does not match pattern`),
      ],
    ),
    [
      { extraEnv: [{ name: 'CONFORMANCE_PACK_EXPORTER_LOGLEVEL', value: 'debug' }] },
      /at '\/extraEnv\/0\/name': value must be one of .*'CONFORMANCE_PACK_EXPORTER_LOG_LEVEL'/,
    ],
    [{ monitor: { interval: '30s1m' } }, /at '\/monitor\/interval': '30s1m' does not match/],
    [{ monitor: { interval: '' } }, /at '\/monitor\/interval': minLength: got 0, want 2/],
    [
      { serviceAccount: { create: 'yes' } },
      /at '\/serviceAccount\/create': got string, want boolean/,
    ],
    [
      { serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'exporter' } } },
      /role-arn': 'exporter' does not match pattern/,
    ],
    [{ shards: { total: 0 } }, /at '\/shards\/total': minimum: got 0, want 1/],
    [{ shards: { total: 1.5 } }, /at '\/shards\/total': got number, want integer/],
    [{ shards: { replicas: 3 } }, /at '\/shards': additional properties 'replicas' not allowed/],
    [
      { state: { persistentVolumeClaim: { size: 'large' } } },
      /at '\/state\/persistentVolumeClaim\/size': 'large' does not match/,
    ],
    [
      { state: { persistentVolumeClaim: { accessModes: [] } } },
      /at '\/state\/persistentVolumeClaim\/accessModes': minItems: got 0, want 1/,
    ],
    [{ web: { port: 80 } }, /at '\/web\/port': minimum: got 80, want 1,?024/],
    [
      { web: { configSecret: 'No Secret' } },
      /at '\/web\/configSecret': 'No Secret' does not match/,
    ],
    [{ probes: { handler: 'exec' } }, /at '\/probes\/handler': value must be one of/],
    [
      { probes: { liveness: { initialDelaySeconds: 900 } } },
      /at '\/probes\/liveness': additional properties 'initialDelaySeconds' not allowed/,
    ],
    [{ monitor: { kind: 'servicemonitor' } }, /at '\/monitor\/kind': value must be one of/],
    [{ monitor: { interval: 60 } }, /at '\/monitor\/interval': got number, want string/],
    [{ monitor: { jobName: 'exporter' } }, /at '\/monitor\/jobName': 'exporter' does not match/],
    [{ monitor: { targetLabels: { 'a-b': 'c' } } }, /'a-b' does not match pattern/],
    [
      { monitor: { basicAuth: { username: 'me' } } },
      /at '\/monitor\/basicAuth\/username': got string/,
    ],
    [
      { monitor: { relabelings: [{ source_labels: [] }] } },
      /at '\/monitor\/relabelings\/0': additional properties 'source_labels' not allowed/,
    ],
    [
      { prometheusRule: { disabledAlerts: ['AWSConfigExporterDwn'] } },
      /at '\/prometheusRule\/disabledAlerts\/0': value must be one of .*'AWSConfigExporterDown'/,
    ],
    [
      { prometheusRule: { alertLabels: { team: 1 } } },
      /at '\/prometheusRule\/alertLabels\/team': got number/,
    ],
    [
      { prometheusRule: { runbookBaseUrl: 'runbooks' } },
      /at '\/prometheusRule\/runbookBaseUrl': 'runbooks' does not match/,
    ],
    [
      { dashboards: { labels: { grafana_dashboard: 1 } } },
      /grafana_dashboard': got number, want string/,
    ],
    [
      { networkPolicy: { from: [{ pods: {} }] } },
      /at '\/networkPolicy\/from\/0': additional properties 'pods'/,
    ],
    [
      { resources: { limits: { memory: 'much' } } },
      /at '\/resources\/limits\/memory': 'much' does not/,
    ],
    [
      { securityContext: { runAsRoot: true } },
      /at '\/securityContext': additional properties 'runAsRoot'/,
    ],
    [
      { terminationGracePeriodSeconds: 5 },
      /terminationGracePeriodSeconds': minimum: got 5, want 15/,
    ],
    [{ extraEnv: { A: 'b' } }, /at '\/extraEnv': got object, want array/],
    [{ extraEnv: [{ name: 'A', value: 1 }] }, /at '\/extraEnv\/0\/value': got number, want string/],
    [
      { extraVolumes: [{ name: 'root', hostPath: { path: '/' } }] },
      /at '\/extraVolumes\/0': additional properties 'hostPath' not allowed/,
    ],
    [
      { extraVolumeMounts: [{ name: 'a' }] },
      /at '\/extraVolumeMounts\/0': missing property 'mountPath'/,
    ],
    [{ extraContainers: [{ name: 'a' }] }, /at '\/extraContainers\/0': missing property 'image'/],
    [
      { tolerations: [{ effects: 'NoSchedule' }] },
      /at '\/tolerations\/0': additional properties 'effects'/,
    ],
  ])('refuses %j', async (values, message) => {
    expect(await refusal(values)).toMatch(message);
  });

  it('takes no text that a pattern of the configuration refuses only by its length', async () => {
    const config = (length: number) => ({
      config: {
        aws: { role_arn: 'arn:aws:iam::444455556666:role/reader', external_id: 'x'.repeat(length) },
      },
    });
    expect(await render(config(1224))).not.toEqual([]);
    expect(await refusal(config(1225))).toContain('maxLength: got 1,225, want 1,224');
  });
});

const MONITORED = { kind: 'ServiceMonitor' };

describeWith('helm')('values that do not go together', () => {
  it.each<[object, string]>([
    [
      { config: { aws: { region: 'eu-west-1' } }, configSecret: { name: 'a' } },
      'config and configSecret.name cannot be given together',
    ],
    [{ web: { tls: true } }, 'web.tls needs web.configSecret'],
    [
      { monitor: { tlsConfig: { serverName: 'a' } } },
      'monitor.tlsConfig is of no use without web.tls',
    ],
    [
      { monitor: { basicAuth: { username: { name: 'a', key: 'b' } } } },
      'monitor.basicAuth is of no use without web.configSecret',
    ],
    [
      { state: { enabled: false, persistentVolumeClaim: { enabled: true } } },
      'state.persistentVolumeClaim.enabled is of no use without state.enabled',
    ],
    [
      { state: { persistentVolumeClaim: { existingClaim: 'a' } } },
      'existingClaim is of no use without state.persistentVolumeClaim.enabled',
    ],
    [
      {
        shards: { total: 2 },
        state: { persistentVolumeClaim: { enabled: true, existingClaim: 'a' } },
      },
      'each of several shards needs one of its own',
    ],
    [
      { extraArgs: ['--state.file=/tmp/state'] },
      'extraArgs: --state.file=/tmp/state is what other values',
    ],
    [
      { extraArgs: ['--no-web.health-without-auth'] },
      '--no-web.health-without-auth is what other values',
    ],
    [
      {
        extraEnv: [{ name: 'CONFORMANCE_PACK_EXPORTER_WEB_LISTEN_ADDRESS', value: ':80' }],
      },
      'extraEnv: CONFORMANCE_PACK_EXPORTER_WEB_LISTEN_ADDRESS is what other values',
    ],
    [
      { shards: { total: 3 }, extraArgs: ['--refresh.requests-per-second=5'] },
      'extraArgs: --refresh.requests-per-second=5 would be the rate of each shard',
    ],
    [
      {
        shards: { total: 3 },
        extraEnv: [{ name: 'CONFORMANCE_PACK_EXPORTER_REFRESH_REQUESTS_PER_SECOND', value: '5' }],
      },
      'REFRESH_REQUESTS_PER_SECOND would be the rate of each shard',
    ],
    [
      { monitor: { interval: '10s' } },
      'monitor.scrapeTimeout is 30s, longer than monitor.interval, which is 10s',
    ],
    [
      { monitor: { interval: '1m30s', scrapeTimeout: '90001ms' } },
      'monitor.scrapeTimeout is 90001ms, longer than monitor.interval, which is 1m30s',
    ],
    [
      { monitor: { ...MONITORED, sampleLimit: 274_999 } },
      'monitor.sampleLimit is 274999, less than a tenth above samples.limit, which is 250000',
    ],
    [
      { config: { samples: { limit: 1_000_000 } }, monitor: MONITORED },
      'monitor.sampleLimit is 300000, less than a tenth above samples.limit, which is 1000000',
    ],
    [{ extraArgs: ['--samples.limit=1000000'], monitor: MONITORED }, 'which is 1000000'],
    [
      {
        extraEnv: [{ name: 'CONFORMANCE_PACK_EXPORTER_SAMPLES_LIMIT', value: '2000000' }],
        monitor: MONITORED,
      },
      'which is 2000000',
    ],
    [
      { config: { samples: { limit: 0 } }, monitor: MONITORED },
      'samples.limit is 0, so that monitor.sampleLimit has to be 0',
    ],
  ])('are refused: %j', async (values, message) => {
    expect(await refusal(values)).toContain(message);
  });

  it.each<object>([
    { extraArgs: ['--demo', '--demo=outage', '--log.level=debug', '--no-collector.accounts'] },
    { extraArgs: ['--refresh.requests-per-second=5'] },
    {
      configSecret: { name: 'a' },
      shards: { total: 3 },
      extraArgs: ['--refresh.requests-per-second=5'],
    },
    { extraEnv: [{ name: 'CONFORMANCE_PACK_EXPORTER_LOG_LEVEL', value: 'debug' }] },
    { monitor: { interval: '1m30s', scrapeTimeout: '90s' } },
    { monitor: { ...MONITORED, sampleLimit: 275_000 } },
    { config: { samples: { limit: 1_000_000 } } },
    { config: { samples: { limit: 1_000_000 } }, monitor: { ...MONITORED, sampleLimit: 0 } },
    { config: { samples: { limit: 0 } }, monitor: { ...MONITORED, sampleLimit: 0 } },
    { config: { samples: { limit: 1_000 } }, monitor: { ...MONITORED, sampleLimit: 20_000 } },
    {
      extraArgs: ['--samples.limit=10'],
      config: { samples: { limit: 1_000_000 } },
      monitor: MONITORED,
    },
    { configSecret: { name: 'a' }, monitor: { ...MONITORED, sampleLimit: 1 } },
  ])('are not found where they do: %j', async (values) => {
    expect(await render(values)).not.toEqual([]);
  });

  it('are all told at once', async () => {
    const said = await refusal({ web: { tls: true }, extraArgs: ['--shard.total=2', '--demo'] });
    expect(said).toMatch(/web\.tls needs[^]*extraArgs: --shard\.total=2/);
    expect(said).not.toContain('--demo');
  });
});
