import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { collect } from '../support/collect.js';
import { temporaryFolder } from '../support/files.js';
import { readSoleMember } from '../support/gzip.js';
import { parseExposition } from '../support/parse-exposition.js';
import { Daemon, startSimulate } from '../support/program.js';
import { Prometheus } from '../support/prometheus.js';
import { describeWith } from '../support/servers.js';

const execute = promisify(execFile);

/** A daemon that has read everything there is and reads nothing again, so that its series stay. */
async function startDaemon(
  organization: readonly string[],
  ...flags: readonly string[]
): Promise<string> {
  const environment = await startSimulate(['--step=0', '--latency=1ms', ...organization]);
  const daemon = new Daemon(
    [
      '--web.listen-address=127.0.0.1:0',
      '--web.disable-exporter-metrics',
      '--aws.region=eu-west-1',
      '--refresh.interval=1h',
      '--refresh.requests-per-second=1000',
      '--log.level=debug',
      ...flags,
    ],
    environment,
  );
  await Promise.all([daemon.logged('refreshed'), daemon.logged('units_read')]);
  return `${await daemon.url()}/metrics`;
}

function samplesIn(text: string): number {
  return [...parseExposition(text).values()].reduce((sum, { samples }) => sum + samples.length, 0);
}

describeWith(
  'curl',
  'gzip',
  'prometheus',
  'wget',
)('a compressed scrape', () => {
  it('is read whole by curl, wget, gzip and Prometheus: the same samples as without', async () => {
    const url = await startDaemon(['--accounts=200', '--packs=8'], '--accounts.series=active');
    const samples = samplesIn(await (await fetch(url, { headers: PLAIN })).text());
    expect(samples).toBeGreaterThan(4_000);

    const folder = await temporaryFolder();
    const file = (name: string) => join(folder, name);
    const read = async (name: string) => samplesIn(await readFile(file(name), 'utf8'));
    const curl = ['--silent', '--show-error', '--fail', '--compressed', url];
    await execute('curl', [...curl, '--dump-header', file('head'), '--output', file('curl')]);
    expect(await readFile(file('head'), 'utf8')).toMatch(/^Content-Encoding: gzip\r$/m);
    expect(await read('curl')).toBe(samples);

    const wget = ['--no-verbose', '--server-response', '--compression=auto', url];
    const { stderr: headers } = await execute('wget', [...wget, '--output-document', file('wget')]);
    expect(headers).toMatch(/Content-Encoding: gzip/);
    expect(await read('wget')).toBe(samples);

    const raw = ['--silent', '--fail', '--header', 'Accept-Encoding: gzip', url];
    await execute('curl', [...raw, '--output', file('raw.gz')]);
    // Says what is wrong, and ends badly.
    expect(await execute('gzip', ['--test', file('raw.gz')])).toEqual({ stdout: '', stderr: '' });
    const member = await readSoleMember(await readFile(file('raw.gz')));
    expect(samplesIn(member.toString())).toBe(samples);

    const prometheus = await Prometheus.scraping(url, { more: { scrape_timeout: '1s' } });
    await prometheus.queryUntilFound('up{job="exporter"} == 1');
    const [scraped] = await prometheus.queryUntilFound('scrape_samples_scraped > 0');
    expect(scraped?.value).toBe(samples);
  });
});

const PLAIN = { 'accept-encoding': 'identity' };
const GZIP = { 'accept-encoding': 'gzip' };

/** An answer of which nothing is read yet. */
async function open(url: string, headers: Readonly<Record<string, string>>) {
  const sent = request(url, { headers, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

describe('forty scrapes at once', () => {
  it('are all served, each whole', async () => {
    const url = await startDaemon(['--accounts=200', '--packs=8'], '--accounts.series=active');
    const samples = samplesIn(await (await fetch(url)).text());
    const scrape = async () => {
      const response = await open(url, GZIP);
      const body = await readSoleMember(await collect(response));
      return [response.statusCode, samplesIn(body.toString())];
    };
    const scrapes = await Promise.all(Array.from({ length: 40 }, scrape));
    expect(scrapes).toEqual(scrapes.map(() => [200, samples]));
  });

  it('of slow readers are refused where they exceed the limit, and nobody else is', async () => {
    const url = await startDaemon(
      ['--accounts=1000', '--packs=10'],
      '--accounts.series=full',
      '--samples.limit=0',
      '--web.max-requests=10',
    );
    // More than the sockets take in, so that they are under way as long as nobody reads.
    const slow = await Promise.all(Array.from({ length: 10 }, () => open(url, PLAIN)));
    expect(slow.map(({ statusCode }) => statusCode)).toEqual(slow.map(() => 200));
    const refused = await Promise.all(Array.from({ length: 30 }, () => fetch(url)));
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 503));
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await fetch(new URL('/-/healthy', url))).status).toBe(200);

    const bodies = await Promise.all(slow.map((response) => collect(response)));
    expect(new Set(slow.map(({ complete }) => complete))).toEqual(new Set([true]));
    const [first = Buffer.alloc(0)] = bodies;
    expect(first.length).toBeGreaterThan(15e6);
    for (const body of bodies) expect(body.toString('latin1', body.length - 1)).toBe('\n');
    const later = await open(url, GZIP);
    expect(later.statusCode).toBe(200);
    await readSoleMember(await collect(later));
  });
});
