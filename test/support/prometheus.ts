import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** What is to be scraped: the URL of an exporter, and labels for all that it tells. */
export interface Target {
  readonly url: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A series and its present value, as the query API tells it. */
export interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A series and its values over time. */
export interface RangeResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** An alert that is pending or fires. */
export interface ActiveAlert {
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A real Prometheus, for as long as the test takes. */
export class Prometheus {
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  /**
   * Scrapes each second. `targets` are exporters, by their URLs where they need no labels; `more` are
   * further keys of their scrape configuration. It scrapes itself as well, as another job, if it is to.
   */
  static async scraping(
    targets: string | readonly (string | Target)[],
    { itself = false, more = {} }: { itself?: boolean; more?: object } = {},
  ): Promise<Prometheus> {
    const static_configs = [targets].flat().map((target) => {
      const { labels = {}, url } = typeof target === 'string' ? { url: target } : target;
      return { targets: [new URL(url).host], labels };
    });
    const jobs = [{ job_name: 'exporter', static_configs, ...more }];
    const global = { scrape_interval: '1s', scrape_timeout: '1s' };
    return Prometheus.configured((own) => {
      const ownJob = { job_name: 'prometheus', static_configs: [{ targets: [own] }] };
      // YAML takes JSON.
      return JSON.stringify({ global, scrape_configs: itself ? [...jobs, ownJob] : jobs });
    });
  }

  /** `configure` gives the text of its configuration, for its own host and port; paths are absolute. */
  static async configured(configure: (own: string) => string): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
    const config = join(folder, 'prometheus.yml');
    const address = `127.0.0.1:${await freePort()}`;
    await writeFile(config, configure(address));
    const child = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const exit = once(child, 'close');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exit;
      await rm(folder, { recursive: true });
    });
    const lines: string[] = [];
    for await (const line of createInterface(child.stderr)) {
      lines.push(line);
      if (line.includes('Server is ready to receive web requests')) {
        child.stderr.resume();
        return new Prometheus(`http://${address}`);
      }
    }
    throw new Error(`Prometheus ended:\n${lines.join('\n')}`);
  }

  /** `time` in seconds since the epoch; without it, the present. */
  async query(expression: string, time?: number): Promise<readonly Result[]> {
    const at = time === undefined ? '' : `&time=${time}`;
    const data = await this.#get<{
      result: { metric: Result['metric']; value: [number, string] }[];
    }>(`query?query=${encodeURIComponent(expression)}${at}`);
    return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  }

  /** All in seconds, `end` since the epoch. */
  async queryRange(
    expression: string,
    { end, range, step }: { end: number; range: number; step: number },
  ): Promise<readonly RangeResult[]> {
    const data = await this.#get<{
      result: { metric: Result['metric']; values: [number, string][] }[];
    }>(
      `query_range?query=${encodeURIComponent(expression)}&start=${end - range}&end=${end}&step=${step}`,
    );
    return data.result.map(({ metric, values }) => ({
      metric,
      values: values.map(([, value]) => Number(value)),
    }));
  }

  /** The values of a label of the series that a selector finds. */
  async labelValues(label: string, selector: string): Promise<readonly string[]> {
    return this.#get(`label/${label}/values?match[]=${encodeURIComponent(selector)}`);
  }

  /** Asks until there is a result: only Prometheus knows when it has scraped. */
  async queryUntilFound(expression: string): Promise<readonly Result[]> {
    for (let attempt = 0; attempt < 300; attempt++) {
      const results = await this.query(expression);
      if (results.length > 0) return results;
      await delay(100);
    }
    throw new Error(`Prometheus never found ${expression}`);
  }

  /** The metadata of the target's families, by name. */
  async metadata(): Promise<Readonly<Record<string, { type: string; help: string }[]>>> {
    return this.#get('metadata');
  }

  /** Why the last scrape of the target failed; empty where it did not. */
  async lastError(): Promise<string> {
    const { activeTargets } = await this.#get<{ activeTargets: { lastError: string }[] }>(
      'targets',
    );
    return activeTargets.map(({ lastError }) => lastError).join();
  }

  async alerts(): Promise<readonly ActiveAlert[]> {
    return (await this.#get<{ alerts: ActiveAlert[] }>('alerts')).alerts;
  }

  /** What is wrong with rules, by their name; empty where all of them could be evaluated. */
  async ruleErrors(): Promise<Readonly<Record<string, string>>> {
    type Rule = { name: string; health: string; lastError?: string };
    const { groups } = await this.#get<{ groups: { rules: Rule[] }[] }>('rules');
    const bad = groups.flatMap(({ rules }) => rules).filter(({ health }) => health === 'err');
    return Object.fromEntries(bad.map(({ lastError = '', name }) => [name, lastError]));
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}`);
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(`Prometheus: ${body.error ?? ''}`);
    return body.data;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
