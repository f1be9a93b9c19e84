import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './files.js';
import type { Environment } from './program.js';
import { pathOf } from './repository.js';

const execute = promisify(execFile);

/** A shell that gives up at the first thing that goes wrong, in a pipe too. */
const SHELL = ['--norc', '-eu', '-o', 'pipefail', '-c'];

/** What npm finds its registry and its cache by. */
export const REGISTRY: Environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(?:HOME|npm_config_.+|NODE_EXTRA_CA_CERTS|.+_proxy)$/i.test(name)
      ? [[name, value]]
      : [],
  ),
);

/** A shell for as long as the test takes, in which the built program is installed. */
export interface Shell {
  /** Runs commands as they stand on a page, and resolves with what they print; rejects where one fails. */
  readonly run: (commands: string) => Promise<string>;
  /**
   * Starts commands the last of which is the exporter, and resolves with where it listens once it has read
   * so many scopes; without a slash at the end.
   */
  readonly start: (commands: string, scopes: number) => Promise<string>;
}

/** `environment` is all there is, but for where programs are. */
export async function openShell(cwd: string, environment: Environment = {}): Promise<Shell> {
  const programs = await temporaryFolder();
  await symlink(pathOf('dist/main.js'), join(programs, 'conformance-pack-exporter'));
  const env = {
    PATH: [programs, process.env['PATH'] ?? ''].join(delimiter),
    HOME: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...environment,
  };

  const run = async (commands: string) => {
    const options = { cwd, env, maxBuffer: 2 ** 26 };
    const running = execute('bash', [...SHELL, commands], options);
    onTestFinished(() => void running.child.kill());
    return (await running).stdout;
  };

  const start = async (commands: string, scopes: number) => {
    // A group of its own, so that what the shell has started ends with it.
    const child = spawn('bash', [...SHELL, commands], {
      cwd,
      detached: true,
      env: {
        ...env,
        CONFORMANCE_PACK_EXPORTER_LOG_FORMAT: 'json',
        CONFORMANCE_PACK_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exit = once(child, 'close');
    onTestFinished(async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await exit;
    });
    const lines: string[] = [];
    let url = '';
    let refreshed = 0;
    for await (const line of createInterface(child.stderr)) {
      lines.push(line);
      const { event, urls = [] } = line.startsWith('{') ? (JSON.parse(line) as LogLine) : {};
      if (event === 'started') url = (urls[0] ?? '').replace(/\/$/, '');
      if (event === 'refreshed') refreshed += 1;
      if (url === '' || refreshed < scopes) continue;
      child.stderr.resume();
      return url;
    }
    throw new Error(`${commands} ended:\n${lines.join('\n')}`);
  };

  return { run, start };
}

interface LogLine {
  readonly event?: string;
  readonly urls?: readonly string[];
}
