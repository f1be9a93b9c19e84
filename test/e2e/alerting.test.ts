import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { settle } from '../../src/simulator/arrange.js';
import { NO_RECORDER } from '../../src/simulator/failures.js';
import { setDeployment } from '../../src/simulator/organization.js';
import { rollUp } from '../../src/simulator/roll-up.js';
import { startAlertmanager } from '../support/alertmanager.js';
import { Daemon } from '../support/program.js';
import { Prometheus } from '../support/prometheus.js';
import { DEPLOYED, namesIn } from '../support/rules.js';
import { describeWith } from '../support/servers.js';
import { firstPack, organizationOf, REGION, simulated } from '../support/simulated.js';
import { Webhook } from '../support/webhook.js';

/** Runs a tool on files of the folder; returns what it says. */
function tool(name: string, ...args: readonly string[]): { code: number | null; said: string } {
  const { status, stderr, stdout } = spawnSync(name, args, { cwd: DEPLOYED, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

const filesOf = (folder: string) => namesIn(folder).map((name) => `${folder}/${name}.yml`);

describeWith('promtool')('promtool', () => {
  it('has nothing to say about the rules and the example for Prometheus', () => {
    const rules = tool(
      'promtool',
      'check',
      'rules',
      '--lint=all',
      '--lint-fatal',
      ...filesOf('rules'),
    );
    expect(rules.code, rules.said).toBe(0);
    const config = tool(
      'promtool',
      'check',
      'config',
      '--lint=all',
      '--lint-fatal',
      'prometheus.yml',
    );
    expect(config.code, config.said).toBe(0);
  });

  it.each(filesOf('tests'))(
    'finds what is written in %s: it fires, only just does not, ends',
    (file) => {
      const { code, said } = tool('promtool', 'test', 'rules', file);
      expect(code, said).toBe(0);
    },
  );
});

describeWith('amtool')('amtool', () => {
  it('has nothing to say about the example for Alertmanager', () => {
    const { code, said } = tool('amtool', 'check-config', 'alertmanager.yml');
    expect(code, said).toBe(0);
    expect(said).toContain('SUCCESS');
  });

  it.each([
    ['pager', 'critical'],
    ['tickets', 'warning'],
    ['feed', 'info'],
  ])('leads to the %s what is %s', (receiver, severity) => {
    const { code, said } = tool(
      'amtool',
      'config',
      'routes',
      'test',
      '--config.file=alertmanager.yml',
      `--verify.receivers=${receiver}`,
      'alertname=AWSConfigConformancePackAccountsFailed',
      `severity=${severity}`,
    );
    expect(code, said).toBe(0);
  });
});

/** The configurations of a rehearsal, with everything on loopback and still faster. */
async function rehearsal(webhook: Webhook) {
  const folder = await mkdtemp(join(tmpdir(), 'alerting-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  execFileSync(join(DEPLOYED, 'rehearse.sh'), [folder]);
  const read = async (name: string) =>
    (await readFile(join(folder, name), 'utf8')).replace(/: 5s$/gm, ': 1s');

  const alertmanager = parse(await read('alertmanager.yml')) as {
    receivers: { name: string; webhook_configs: { url: string }[]; slack_configs?: unknown[] }[];
  };
  for (const receiver of alertmanager.receivers) {
    for (const hook of receiver.webhook_configs) {
      hook.url = hook.url.replace('http://localhost:9099', webhook.url);
    }
    const { name } = receiver;
    if (name !== 'tickets') continue;
    receiver.slack_configs = [
      {
        api_url: `${webhook.url}/message`,
        channel: 'tickets',
        send_resolved: true,
        title: '{{ template "conformance_packs.title" . }}',
        text: '{{ template "conformance_packs.text" . }}',
      },
    ];
  }
  await writeFile(join(folder, 'alertmanager.yml'), stringify(alertmanager));
  const prometheus = (await read('prometheus.yml')).replace('rules/*', `${folder}/rules/*`);
  return { alertmanager: join(folder, 'alertmanager.yml'), prometheus };
}

type Labels = Readonly<Record<string, string>>;

/** The labels of the alerts that Alertmanager mutes. */
async function mutedAlerts(alertmanager: string): Promise<readonly Labels[]> {
  const response = await fetch(`http://${alertmanager}/api/v2/alerts?inhibited=true`);
  const alerts = (await response.json()) as {
    labels: Labels;
    status: { inhibitedBy: string[] };
  }[];
  return alerts.filter(({ status }) => status.inhibitedBy.length > 0).map(({ labels }) => labels);
}

async function muted(alertmanager: string): Promise<readonly string[]> {
  return (await mutedAlerts(alertmanager)).map(({ alertname = '' }) => alertname);
}

const ofPack = (alert: string, severity: string, more: Labels = {}): Labels => ({
  alertname: `AWSConfigConformancePack${alert}`,
  severity,
  source: 'default',
  aws_region: 'eu-west-1',
  conformance_pack: 'Security-Baseline',
  ...more,
});

const ofExporter = (alert: string, severity: string, more: Labels = {}): Labels => ({
  alertname: `AWSConfigExporter${alert}`,
  severity,
  ...more,
});

const ofScope = (alert: string, severity: string, more: Labels = {}): Labels =>
  ofExporter(alert, severity, { source: 'default', aws_region: 'eu-west-1', ...more });

/** What an alert mutes, and what it leaves alone though it looks much the same. */
const INHIBITIONS: readonly (readonly [
  by: Labels,
  muted: readonly Labels[],
  told: readonly Labels[],
])[] = [
  [
    ofExporter('Down', 'critical'),
    [
      ofPack('MassFailure', 'critical'),
      ofExporter('StateNotWritten', 'warning'),
      ofExporter('ShardMissing', 'critical', { job: 'a' }),
      ofExporter('Down', 'critical', { job: 'a' }),
      ofExporter('Down', 'warning', { job: 'a', instance: '1' }),
    ],
    [ofPack('MassFailure', 'critical', { namespace: 'other' })],
  ],
  [
    ofExporter('Down', 'critical', { job: 'a' }),
    [ofExporter('Down', 'warning', { job: 'a', instance: '1' })],
    [ofPack('MassFailure', 'critical'), ofExporter('Down', 'warning', { job: 'b', instance: '2' })],
  ],
  [
    ofPack('AccountsFailed', 'critical'),
    [ofPack('AccountsFailed', 'warning')],
    [
      ofPack('AccountsFailed', 'warning', { conformance_pack: 'Encryption' }),
      ofPack('StuckInProgress', 'warning'),
    ],
  ],
  [
    ofPack('Failed', 'warning'),
    [ofPack('AccountsFailed', 'warning')],
    [
      ofPack('AccountsFailed', 'warning', { aws_region: 'us-east-1' }),
      ofPack('MassFailure', 'critical'),
    ],
  ],
  [
    ofExporter('CredentialsFailing', 'critical', { source: 'default' }),
    [
      ...['AccessDenied', 'DataStale', 'RefreshFailing', 'Throttled'].map((name) =>
        ofScope(name, 'warning'),
      ),
      ofExporter('AccountsStale', 'warning', { source: 'default' }),
    ],
    [ofScope('DataStale', 'critical'), ofScope('RefreshFailing', 'warning', { source: 'audit' })],
  ],
  [
    ofScope('AccessDenied', 'warning'),
    [ofScope('DataStale', 'warning'), ofScope('RefreshFailing', 'warning')],
    [
      ofScope('DataStale', 'critical', { aws_region: 'us-east-1' }),
      ofScope('RefreshFailing', 'warning', { aws_region: 'us-east-1' }),
    ],
  ],
  [
    ofScope('AccessDenied', 'warning', { operation: 'DescribeOrganizationConformancePacks' }),
    [],
    [
      ofScope('RefreshFailing', 'warning'),
      ofExporter('AccountsStale', 'warning', { source: 'default' }),
    ],
  ],
  [
    ofExporter('AccessDenied', 'warning', { source: 'default', operation: 'ListAccounts' }),
    [ofExporter('AccountsStale', 'warning', { source: 'default' })],
    [
      ofExporter('AccountsStale', 'warning', { source: 'audit' }),
      ofScope('RefreshFailing', 'warning'),
    ],
  ],
  [
    ofScope('Throttled', 'warning'),
    [ofScope('DataStale', 'warning'), ofScope('RefreshFailing', 'warning')],
    [ofScope('AccessDenied', 'warning')],
  ],
  [
    ofScope('RefreshFailing', 'warning'),
    [ofScope('DataStale', 'warning')],
    [ofScope('DataStale', 'warning', { aws_region: 'us-east-1' })],
  ],
];

describeWith('prometheus-alertmanager')('the example for Alertmanager', () => {
  it('mutes what another alert explains, and nothing else', async () => {
    // Each case in an organization of its own.
    const cases = INHIBITIONS.map(([by, muted, told], index) => {
      const inOne = (labels: Labels): Labels => ({ ...labels, organization: String(index) });
      return { by: inOne(by), muted: muted.map(inOne), told: told.map(inOne) };
    });
    const alerts = cases.flatMap(({ by, muted, told }) => [by, ...muted, ...told]);
    const { alertmanager } = await rehearsal(await Webhook.listening());
    const address = await startAlertmanager(alertmanager);
    const { ok } = await fetch(`http://${address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map((labels) => ({ labels }))),
    });
    expect(ok).toBe(true);
    const wanted = cases.flatMap(({ muted }) => muted);
    await vi.waitFor(
      async () => {
        const found = await mutedAlerts(address);
        expect(found).toEqual(expect.arrayContaining(wanted));
        expect(found).toHaveLength(wanted.length);
      },
      { timeout: 10_000 },
    );
  });
});

describeWith('prometheus-alertmanager')('from the exporter to whoever is on call', () => {
  it('goes what fires and what ends, and what another alert explains does not', async () => {
    const organization = organizationOf({ accounts: 10, packs: 1 });
    settle(organization);
    const pack = firstPack(organization);
    const [member] = pack.members;
    if (member === undefined) throw new Error('a pack without accounts');
    const fail = () => {
      setDeployment(member, { status: 'UPDATE_FAILED', updatedAt: Date.now(), ...NO_RECORDER });
      rollUp(pack, Date.now());
    };
    const mend = () => {
      setDeployment(member, { status: 'UPDATE_SUCCESSFUL', updatedAt: Date.now() });
      rollUp(pack, Date.now());
    };

    const simulator = await simulated(organization);
    const { accessKeyId, secretAccessKey } = simulator.credentials(
      organization.managementAccountId,
    );
    const exporter = new Daemon(
      [
        '--web.listen-address=127.0.0.1:0',
        `--aws.region=${REGION}`,
        '--refresh.interval=1s',
        '--refresh.requests-per-second=1000',
      ],
      {
        AWS_ENDPOINT_URL: simulator.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
    );
    const webhook = await Webhook.listening();
    const configuration = await rehearsal(webhook);
    const alertmanager = await startAlertmanager(configuration.alertmanager);
    const { host } = new URL(await exporter.url());
    const prometheus = await Prometheus.configured(() =>
      configuration.prometheus
        .replace('localhost:9093', alertmanager)
        .replace('localhost:10117', host),
    );
    await prometheus.queryUntilFound('up{job="conformance-pack-exporter"} == 1');

    fail();
    await webhook.received('tickets firing AWSConfigConformancePackFailed warning');
    expect(await muted(alertmanager)).toEqual(['AWSConfigConformancePackAccountsFailed']);
    mend();
    await webhook.received('tickets resolved AWSConfigConformancePackFailed warning');
    const name = organization.accounts.get(member.accountId)?.name ?? '';
    await webhook.received(`[1 firing] ${pack.name} in ${REGION}: AWS reports a conformance pack`);
    await webhook.received(`Oldest first: ${name} ${member.accountId}.`);
    await webhook.received('RESOLVED AWSConfigConformancePackFailed');

    await simulator.stop();
    await webhook.received('tickets firing AWSConfigExporterRefreshFailing warning');

    exporter.signal('SIGKILL');
    await webhook.received('pager firing AWSConfigExporterDown critical');
    expect(await muted(alertmanager)).toContain('AWSConfigExporterRefreshFailing');
    // Of two that end together Alertmanager may tell both, so only what fires has to stay silent.
    const silent = 'firing AWSConfigConformancePackAccountsFailed';
    expect(webhook.lines.filter((line) => line.includes(silent))).toEqual([]);
  });
});
