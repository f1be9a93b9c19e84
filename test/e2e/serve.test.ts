import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ACCOUNT_FAMILIES } from '../../src/metrics/account-families.js';
import { PACK_FAMILIES } from '../../src/metrics/pack-families.js';
import { SOURCE_FAMILIES } from '../../src/metrics/source-families.js';
import { temporaryFolder } from '../support/files.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { Daemon, startSimulate } from '../support/program.js';
import { Prometheus } from '../support/prometheus.js';
import { describeWith } from '../support/servers.js';

const LOOPBACK = '--web.listen-address=127.0.0.1:0';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';

/** A demo after its first refresh; with an interval so long that the data then stays as it is. */
async function startDemo(...args: readonly string[]) {
  const daemon = new Daemon(['--demo', LOOPBACK, '--refresh.interval=1h', ...args]);
  const url = await daemon.url();
  await daemon.logged('refreshed', 2);
  await daemon.logged('accounts_read');
  return { daemon, url };
}

async function get(url: string, accept = 'text/plain'): Promise<string> {
  const response = await fetch(url, { headers: { accept } });
  expect(response.status).toBe(200);
  return response.text();
}

describe('the demo', () => {
  it('serves every family in both formats, valid to a strict parser', async () => {
    const { daemon, url } = await startDemo('--packs.expected=Security-Baseline');
    const text = parseExposition(await get(`${url}/metrics`));
    const open = parseExposition(await get(`${url}/metrics`, OPENMETRICS), 'openmetrics');
    for (const { name } of [PACK_FAMILIES, ACCOUNT_FAMILIES, SOURCE_FAMILIES].flat()) {
      expect(text.get(name)?.samples.length, name).toBeGreaterThan(0);
      // OpenMetrics leaves the suffix to the samples.
      const family = open.get(name.replace(/_total$/, ''));
      expect(family?.samples.length, name).toBe(text.get(name)?.samples.length);
    }
    const samples = [...text.values()].flatMap((family) => family.samples);
    const own = samples.filter(({ name }) => name.startsWith('aws_')).length;
    expect(text.get('conformance_pack_exporter_samples')?.samples[0]?.value).toBe(own);
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    expect(await get(url)).toContain('packs have failed, in');
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
  });

  it('of an outage shows what it could read, and lives', async () => {
    const { daemon, url } = await startDemo('--demo=not-in-organization');
    const metrics = parseExposition(await get(`${url}/metrics`));
    const failures = 'conformance_pack_exporter_refresh_failures_total';
    expect(valuesBy(metrics, failures, 'aws_region', 'reason')).toMatchObject({
      'eu-west-1/organization_access_denied': 1,
      'us-east-1/organization_access_denied': 1,
    });
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    expect((await fetch(`${url}/-/ready`)).status).toBe(503);
    daemon.signal('SIGINT');
    expect(await daemon.exit).toBe(0);
  });
});

describe('a daemon', () => {
  it('answers before AWS has: no data, but how far the first refresh has come', async () => {
    const daemon = new Daemon(['--demo=hanging-region', LOOPBACK]);
    const url = await daemon.url();
    await daemon.logged('refreshed', 1);
    const metrics = parseExposition(await get(`${url}/metrics`));
    const progress = 'conformance_pack_exporter_refresh_progress_ratio';
    expect(valuesBy(metrics, progress, 'aws_region')).toEqual({ 'eu-west-1': 1, 'us-east-1': 0 });
    const regions = metrics
      .get('aws_config_org_conformance_pack_status')
      ?.samples.map(({ labels }) => labels['aws_region']);
    expect(new Set(regions)).toEqual(new Set(['eu-west-1']));
    expect((await fetch(`${url}/-/ready`)).status).toBe(503);
    // The refresh that hangs is abandoned, not waited for.
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
  });

  it('ends in time though the role that it is to assume never answers', async () => {
    const environment = await startSimulate(['--scenario=hanging-credentials']);
    const daemon = new Daemon(
      [LOOPBACK, '--aws.region=eu-west-1', '--aws.role-arn=arn:aws:iam::111122223333:role/x'],
      environment,
    );
    await daemon.url();
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
  });

  it.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])(
    'ends in time though the file system never gives it the file of %s',
    async (name) => {
      const file = join(await temporaryFolder(), 'pipe');
      execFileSync('mkfifo', [file]);
      const environment = await startSimulate();
      const daemon = new Daemon([LOOPBACK, '--aws.region=eu-west-1'], {
        ...environment,
        [name]: file,
      });
      // Opened for writing once the daemon has opened it for reading; nothing is ever written.
      const writer = await open(file, 'w');
      onTestFinished(() => writer.close());
      daemon.signal('SIGTERM');
      // Before Node.js 22.15 by the signal.
      expect(await daemon.exit).toBe('execve' in process ? 0 : null);
    },
  );

  it('ends at once at the second signal, though a request is in flight', async () => {
    const { daemon, url } = await startDemo();
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    // The answer to the first request proves that the beginning of the second has been seen too.
    socket.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTTP/1.1\r\n');
    await once(socket, 'data');
    daemon.signal('SIGTERM');
    await daemon.logged('stopping');
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(128 + 15);
    socket.destroy();
  });

  it('says what to do where its address is taken', async () => {
    const { url } = await startDemo();
    const second = new Daemon(['--demo', `--web.listen-address=${new URL(url).host}`]);
    const [line] = await second.logged('listen_failed');
    expect(line?.['msg']).toContain('choose another address with --web.listen-address');
    expect(await second.exit).toBe(1);
  });

  it('without credentials says so, and keeps trying', async () => {
    const daemon = new Daemon([LOOPBACK, '--aws.region=eu-west-1', '--refresh.interval=1s']);
    const url = await daemon.url();
    // Three calls about the source, which are tried once, and then those of each refresh.
    const failed = await daemon.logged('read_failed', 5);
    expect(failed.map(({ reason }) => reason)).toEqual(failed.map(() => 'credentials'));
    expect(failed.filter(({ region }) => region === 'eu-west-1').length).toBeGreaterThan(1);
    const metrics = parseExposition(await get(`${url}/metrics`));
    expect(valuesBy(metrics, 'conformance_pack_exporter_refresh_success', 'aws_region')).toEqual({
      'eu-west-1': 0,
    });
    daemon.signal('SIGTERM');
    expect(await daemon.exit).toBe(0);
  });

  it('serves below a prefix, and links where the proxy is', async () => {
    const { url } = await startDemo('--web.external-url=https://example.com/packs/');
    expect(url).toMatch(/\/packs$/);
    expect(await get(`${url}/`)).toContain('href="/packs/metrics"');
    expect(await get(`${url}/metrics`)).toContain('aws_config_org_conformance_pack_status');
  });
});

describeWith('promtool')('promtool', () => {
  it.each(['rollout', 'odd-answers'])('has nothing to say about the text of %s', async (name) => {
    const { url } = await startDemo(`--demo=${name}`, '--packs.expected=Security-Baseline');
    const input = await get(`${url}/metrics`);
    const said = execFileSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(said).toBe('');
  });
});

describeWith('prometheus')('a real Prometheus', () => {
  it('scrapes every sample, and answers what the exposition says', async () => {
    // The process's own families come and go, as the garbage collector does.
    const { url } = await startDemo('--web.disable-exporter-metrics');
    const prometheus = await Prometheus.scraping(url);
    const [up] = await prometheus.queryUntilFound('up{job="exporter"} == 1');
    expect(up?.value).toBe(1);
    const exposition = parseExposition(await get(`${url}/metrics`, OPENMETRICS), 'openmetrics');
    const samples = [...exposition.values()].flatMap((family) => family.samples);
    const [scraped] = await prometheus.queryUntilFound('scrape_samples_scraped > 0');
    expect(scraped?.value).toBe(samples.length);

    const prefix = 'aws_config_org_conformance_pack';
    const failed = await prometheus.query(`${prefix}_accounts_by_error`);
    expect(failed.length).toBeGreaterThan(0);
    // Nine statuses, of which one is true, for every pack; and the counts agree with the accounts.
    const [packs] = await prometheus.query(`sum(conformance_pack_exporter_packs)`);
    const [statuses] = await prometheus.query(`count(${prefix}_status)`);
    const [current] = await prometheus.query(`sum(${prefix}_status)`);
    expect([statuses?.value, current?.value]).toEqual([9 * (packs?.value ?? 0), packs?.value]);
    const disagreeing = await prometheus.query(
      `sum by (aws_region, conformance_pack, status) (${prefix}_account_status)
         != sum by (aws_region, conformance_pack, status) (${prefix}_accounts)`,
    );
    expect(disagreeing).toEqual([]);

    const metadata = await prometheus.metadata();
    expect(metadata[`${prefix}_status`]?.[0]?.type).toBe('gauge');
    expect(metadata['conformance_pack_exporter_refreshes']?.[0]?.type).toBe('counter');
    expect(Object.entries(metadata).filter(([, [family]]) => family?.type === 'unknown')).toEqual(
      [],
    );
  });
});
