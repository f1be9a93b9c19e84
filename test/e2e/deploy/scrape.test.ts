import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hash } from 'bcrypt';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTION_ROWS } from '../../../src/config/options.js';
import { authority, certify } from '../../support/certificates.js';
import { temporaryFolder } from '../../support/files.js';
import { Daemon } from '../../support/program.js';
import { Prometheus } from '../../support/prometheus.js';
import { fencesOf, pagesOf, pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const FOLDER = 'deploy/prometheus/scrape';
const FILES = (await readdir(pathOf(FOLDER))).filter((name) => name.endsWith('.yml'));
const PASSWORD = 'wonderland';

interface Job {
  readonly job_name: string;
  readonly scrape_interval: string;
  readonly scrape_timeout: string;
  readonly sample_limit: number;
  readonly body_size_limit: string;
  readonly static_configs?: readonly { readonly targets: readonly string[] }[];
  readonly kubernetes_sd_configs?: readonly object[];
}

function jobsOf(text: string): readonly Job[] {
  return (parse(text) as { scrape_configs: readonly Job[] }).scrape_configs;
}

function jobIn(file: string): Job {
  const [job, ...others] = jobsOf(textOf(join(FOLDER, file)));
  if (job === undefined || others.length > 0) throw new Error(`${file} has not one job`);
  return job;
}

/** The job of the exporter, where there are others as well. */
function exporterIn(text: string): Job {
  const job = jobsOf(text).find(({ job_name: name }) => name.includes('conformance-pack'));
  if (job === undefined) throw new Error(`no job of the exporter:\n${text}`);
  return job;
}

const ca = await authority('Some CA');
const { cert, key } = await certify({ by: ca });

/** The configuration with the files that it names, in a folder of their own. */
async function withFiles(file: string): Promise<string> {
  const folder = join(await temporaryFolder(), 'conformance-pack-exporter');
  await mkdir(folder);
  await writeFile(join(folder, 'ca.crt'), ca.cert);
  await writeFile(join(folder, 'password'), PASSWORD);
  const text = textOf(join(FOLDER, file));
  return text.replaceAll('/etc/prometheus/conformance-pack-exporter', folder);
}

/** It scrapes these exporters, and each second. */
function aimed(configuration: string, urls: readonly string[]): string {
  const hosts = urls.map((url) => new URL(url).host);
  let next = 0;
  return configuration
    .replace(/exporter(?:-\d)?\.example\.com:10117/g, () => hosts[next++] ?? 'nobody')
    .replace(/scrape_(interval|timeout): \w+/g, 'scrape_$1: 1s');
}

async function exporter(...args: readonly string[]): Promise<string> {
  const daemon = new Daemon([
    '--demo=healthy',
    '--refresh.interval=1h',
    '--web.listen-address=127.0.0.1:0',
    ...args,
  ]);
  await daemon.logged('refreshed', 2);
  return daemon.url();
}

/** A Prometheus with this configuration, but for who is scraped and how often. */
async function scraping(file: string, urls: readonly string[]): Promise<Prometheus> {
  const configuration = aimed(await withFiles(file), urls);
  return Prometheus.configured(() => configuration);
}

const plain = jobIn('plain.yml');

describe('plain.yml', () => {
  it('has a job that the rules find, and scrapes as often as they need', () => {
    expect(plain.job_name).toMatch(/conformance-pack/);
    expect(plain.scrape_interval).toBe('1m');
  });

  it('has limits that the exporter keeps by default', () => {
    const { body_size_limit: size, sample_limit: samples } = plain;
    const limit = OPTION_ROWS.find(([name]) => name === 'samples.limit')?.[1].default;
    expect(samples).toBeGreaterThan(1.1 * Number(limit));
    // No line has many more bytes than this.
    expect(Number(/^(\d+)MB$/.exec(size)?.[1]) * 1e6).toBeGreaterThan(samples * 300);
  });
});

/** Jobs that people copy, here and from any page. */
const JOBS = [
  ...FILES.map((file) => [file, jobIn(file)] as const),
  ...pagesOf().flatMap((page) =>
    fencesOf(textOf(page))
      .filter(({ text }) => text.includes('scrape_configs:'))
      .map(({ text }) => [page, exporterIn(text)] as const),
  ),
];

/** Configurations that people begin with, each at a pace of its own. */
const WHOLE = ['deploy/prometheus/prometheus.yml', 'deploy/compose/prometheus.yml'].map(
  (file) => [file, exporterIn(textOf(file))] as const,
);

it.each([...JOBS, ...WHOLE])('the job of %s has the name and the limits of plain.yml', (_, job) => {
  for (const key of ['job_name', 'sample_limit', 'body_size_limit'] as const) {
    expect(job[key], key).toBe(plain[key]);
  }
});

it.each(JOBS)('the job of %s has the pace of plain.yml', (_, job) => {
  for (const key of ['scrape_interval', 'scrape_timeout'] as const) {
    expect(job[key], key).toBe(plain[key]);
  }
});

describeWith('promtool')('promtool', () => {
  const promtool = async (command: readonly string[], text: string, ...more: readonly string[]) => {
    const path = join(await temporaryFolder(), 'prometheus.yml');
    await writeFile(path, text);
    return (await execute('promtool', ['check', ...command, path, ...more])).stdout;
  };

  /** Debian builds Prometheus without discovery in Kubernetes: targets that it would find, in its place. */
  const inKubernetes = (targets: readonly Readonly<Record<string, string>>[]) => {
    const job = { ...jobIn('kubernetes.yml'), kubernetes_sd_configs: undefined };
    const found = targets.map(({ address, ...labels }) => ({ targets: [address], labels }));
    // YAML takes JSON.
    return JSON.stringify({ scrape_configs: [{ ...job, static_configs: found }] });
  };

  it.each(FILES)('takes %s', async (file) => {
    const text = file === 'kubernetes.yml' ? inKubernetes([]) : await withFiles(file);
    expect(await promtool(['config'], text)).toContain('is valid prometheus config file syntax');
  });

  it('would scrape each pod once by kubernetes.yml, under a name that stays', async () => {
    const instances = {
      'conformance-pack-exporter-7d4b9c6f5d-x2x8q': 'conformance-pack-exporter',
      'conformance-pack-exporter-12': 'conformance-pack-exporter-12',
      'audit-conformance-pack-exporter-66fd9b7c9-zk4tq': 'audit-conformance-pack-exporter',
    };
    const targets = Object.keys(instances).flatMap((pod, index) => {
      const running = {
        address: `10.0.0.${index}:10117`,
        __meta_kubernetes_namespace: 'monitoring',
        __meta_kubernetes_pod_container_port_name: 'metrics',
        __meta_kubernetes_pod_name: pod,
        __meta_kubernetes_pod_phase: 'Running',
      };
      return [
        running,
        { ...running, address: '10.0.1.1:80', __meta_kubernetes_pod_container_port_name: 'other' },
        { ...running, address: '10.0.1.2:10117', __meta_kubernetes_pod_phase: 'Failed' },
      ];
    });
    const { job_name: job } = jobIn('kubernetes.yml');
    const text = inKubernetes(targets);
    const said = await promtool(['service-discovery', '--timeout=1s'], text, job);
    const results = JSON.parse(said) as { labels: Readonly<Record<string, string>> }[];
    const scraped = results.map(({ labels }) => labels).filter(({ instance }) => instance);
    expect(
      scraped
        .map(({ __address__, instance, namespace }) => [__address__, namespace, instance])
        .sort(),
    ).toEqual(
      Object.values(instances).map((instance, index) => [
        `10.0.0.${index}:10117`,
        'monitoring',
        instance,
      ]),
    );
  });
});

describeWith('prometheus')('Prometheus', () => {
  it('scrapes by tls.yml', async () => {
    const folder = await temporaryFolder();
    const users = `basic_auth_users:\n  prometheus: ${await hash(PASSWORD, 4)}\n`;
    const web = `tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n${users}`;
    const files = { 'web.yml': web, 'tls.crt': cert, 'tls.key': key };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const url = await exporter(`--web.config.file=${join(folder, 'web.yml')}`);
    const prometheus = await scraping('tls.yml', [url]);
    await prometheus.queryUntilFound('up{job="conformance-pack-exporter"} == 1');
    expect(await prometheus.lastError()).toBe('');
  });

  it('scrapes by shards.yml, each pack once', async () => {
    const total = jobIn('shards.yml').static_configs?.[0]?.targets.length ?? 0;
    const shards = Array.from({ length: total }, (_, index) =>
      exporter(`--shard.index=${index}`, `--shard.total=${total}`),
    );
    const urls = await Promise.all(shards);
    const prometheus = await scraping('shards.yml', urls);
    await prometheus.queryUntilFound(`count(up == 1) == ${total}`);
    const info = 'aws_config_org_conformance_pack_info';
    const packs = await prometheus.query(`count by (aws_region, conformance_pack) (${info})`);
    expect(packs.length).toBeGreaterThan(total);
    expect(packs.filter(({ value }) => value !== 1)).toEqual([]);
    expect(await prometheus.query(`count by (instance) (${info})`)).toHaveLength(total);
  });
});

describe('kubernetes.yml', () => {
  it('looks for the pods of the exporter only', () => {
    expect(jobIn('kubernetes.yml').kubernetes_sd_configs).toEqual([
      {
        role: 'pod',
        namespaces: { names: ['monitoring'] },
        selectors: [{ role: 'pod', label: 'app.kubernetes.io/name=conformance-pack-exporter' }],
      },
    ]);
  });
});
