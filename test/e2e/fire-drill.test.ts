import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { certify } from '../support/certificates.js';
import { loadDrill, type DrillRow } from '../support/drill.js';
import { Daemon } from '../support/program.js';
import { Prometheus, type ActiveAlert } from '../support/prometheus.js';
import { DEPLOYED } from '../support/rules.js';
import { runHere } from '../support/run-here.js';
import { describeWith } from '../support/servers.js';
import { REGION, simulated } from '../support/simulated.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The slowest of them takes a minute and a half, and longer where the machine has much else to do. */
const PATIENCE_MS = 5 * MINUTE;

/** What is run, and what is then done to it. */
type Play = Pick<DrillRow, 'command' | 'then'>;

const keyOf = ({ command, then }: Play) => [...command, then].join(' ');

interface Player {
  readonly key: string;
  /** Of each of its exporters. */
  readonly urls: readonly string[];
  readonly act: () => Promise<unknown>;
}

/** The files that commands name, in a folder of their own. */
async function writeFiles(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drill-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { cert, key } = await certify({ notAfter: new Date(Date.now() + 3 * DAY) });
  const files = {
    'drill.yaml': '',
    'web.yaml': 'basic_auth_users: {}',
    'tls.crt': cert,
    'tls.key': key,
    'tls.yaml': 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function start(play: Play, folder: string): Promise<Player> {
  const command = play.command.map((arg) => arg.replace(/(\.file=)/, `$1${folder}/`));
  const { stop, url } = await runHere(command);
  const others = play.then === 'stop one of two' ? [await runHere(command)] : [];
  const spoil = async () => {
    const [, file = ''] = /\.file=(.+)/.exec(command.join()) ?? [];
    await writeFile(file, 'nonsense: true');
  };
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    '': () => Promise.resolve(),
    'stop it': stop,
    'stop one of two': stop,
    'spoil the file': spoil,
    'spoil the file, then `POST /-/reload`': async () => {
      await spoil();
      const { status } = await fetch(`${url}/-/reload`, { method: 'POST' });
      expect(status).toBe(500);
    },
  };
  const act = acts[play.then];
  if (act === undefined) throw new Error(`nobody knows how to ${play.then}`);
  return { key: keyOf(play), urls: [url, ...others.map((other) => other.url)], act };
}

const WITHDRAWN = 'withdrawn';

/** An exporter whose AWS falls silent once it has been read. */
async function startWithdrawing(): Promise<Player> {
  const simulator = await simulated();
  const { accessKeyId, secretAccessKey } = simulator.credentials(
    simulator.organization.managementAccountId,
  );
  const daemon = new Daemon(
    [
      '--web.listen-address=127.0.0.1:0',
      `--aws.region=${REGION}`,
      '--refresh.interval=5s',
      '--refresh.max-staleness=1m',
      '--accounts.refresh-interval=1m',
    ],
    {
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
  );
  await daemon.logged('refreshed');
  return { key: WITHDRAWN, urls: [await daemon.url()], act: () => simulator.stop() };
}

/** One Prometheus for all: a label of its own keeps the alerts of each apart. */
async function observe(players: readonly Player[]): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  execFileSync(join(DEPLOYED, 'rehearse.sh'), [folder]);
  const jobs = ['http', 'https'].map((scheme) => ({
    job_name: `conformance-pack-exporter-${scheme}`,
    scheme,
    tls_config: { insecure_skip_verify: true },
    static_configs: players.map(({ urls }, index) => ({
      targets: urls
        .map((url) => new URL(url))
        .filter(({ protocol }) => protocol === `${scheme}:`)
        .map(({ host }) => host),
      labels: { organization: String(index) },
    })),
  }));
  // YAML takes JSON.
  return Prometheus.configured(() =>
    JSON.stringify({
      global: { scrape_interval: '2s', evaluation_interval: '2s' },
      rule_files: [`${folder}/rules/*.yml`],
      scrape_configs: jobs,
    }),
  );
}

type Wanted = Readonly<Record<'alertname' | 'severity' | 'organization', string>>;

/** Waits until all of them have fired, and resolves with those that have not. */
async function waitFor(
  prometheus: Prometheus,
  wanted: readonly Wanted[],
): Promise<readonly Wanted[]> {
  const until = Date.now() + PATIENCE_MS;
  let missing = wanted;
  while (missing.length > 0 && Date.now() < until) {
    const firing = (await prometheus.alerts()).filter(({ state }) => state === 'firing');
    const has =
      (want: Wanted) =>
      ({ labels }: ActiveAlert) =>
        Object.entries(want).every(([name, value]) => labels[name] === value);
    missing = missing.filter((want) => !firing.some(has(want)));
    await delay(1000);
  }
  return missing;
}

describeWith('prometheus')('the fire drill', () => {
  it(
    'makes every alert fire, and leaves alone what is well',
    async () => {
      const { rows, silent } = loadDrill();
      const quiet: readonly Play[] = silent.map((command) => ({ command, then: '' }));
      const plays = new Map([...rows, ...quiet].map((play) => [keyOf(play), play]));
      const files = await writeFiles();
      const players = await Promise.all([
        ...[...plays.values()].map((play) => start(play, files)),
        startWithdrawing(),
      ]);
      const organizationOf = (key: string) =>
        String(players.findIndex((player) => player.key === key));
      const prometheus = await observe(players);
      const targets = players.flatMap(({ urls }) => urls);
      await prometheus.queryUntilFound(`count(up == 1) == ${targets.length}`);
      await Promise.all(players.map(({ act }) => act()));

      const wanted = [
        ...rows.map((row) => ({ ...row, key: keyOf(row) })),
        { alert: 'AWSConfigExporterDataStale', severity: 'critical', key: WITHDRAWN },
      ].map(({ alert, key, severity }) => ({
        alertname: alert,
        severity,
        organization: organizationOf(key),
      }));
      expect(await waitFor(prometheus, wanted)).toEqual([]);
      expect(await prometheus.ruleErrors()).toEqual({});

      const alerts = await prometheus.alerts();
      const well = new Set(quiet.map((play) => organizationOf(keyOf(play))));
      const loud = alerts.filter(({ labels }) => well.has(labels['organization'] ?? ''));
      expect(loud.filter(({ state }) => state === 'firing')).toEqual([]);
      // Templates that could not be expanded, and labels or values that are not there.
      const texts = alerts.flatMap(({ annotations }) => Object.values(annotations));
      expect(texts.filter((text) => /<|%!|\{\{/.test(text))).toEqual([]);
    },
    PATIENCE_MS + MINUTE,
  );
});
