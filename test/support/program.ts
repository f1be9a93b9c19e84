import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** An environment in which the SDK finds neither credentials nor a Region that we did not give. */
const BARE = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

export type Environment = Readonly<Record<string, string>>;

export interface Result {
  /** `null` where a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program to its end; where `shell` is given, as the arguments of that script. */
export async function run(
  args: readonly string[],
  environment: Environment = {},
  shell?: string,
): Promise<Result> {
  const child = start(args, environment, shell);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), child.exit]);
  return { code: await child.exit, stdout, stderr };
}

type Started = ChildProcess & {
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  readonly exit: Promise<number | null>;
};

function start(args: readonly string[], environment: Environment, shell?: string): Started {
  const before = shell === undefined ? [] : ['sh', '-c', shell, 'sh'];
  const [command = '', ...rest] = [...before, process.execPath, MAIN, ...args];
  const child = spawn(command, rest, {
    env: { ...BARE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return Object.assign(child, { exit });
}

interface LogLine extends Readonly<Record<string, unknown>> {
  readonly event?: string;
}

/** The built program as a process that runs on. */
export class Daemon {
  readonly #child: Started;
  readonly #log: LogLine[] = [];
  readonly #waiting = new Set<() => void>();
  #stderr = '';

  constructor(args: readonly string[], environment: Environment = {}) {
    this.#child = start([...args, '--log.format=json'], environment);
    createInterface(this.#child.stderr).on('line', (line) => {
      this.#stderr += `${line}\n`;
      if (line.startsWith('{')) this.#log.push(JSON.parse(line) as LogLine);
      for (const look of this.#waiting) look();
    });
    void this.exit.then(() => {
      for (const look of this.#waiting) look();
    });
  }

  /** `null` where a signal ended it. */
  get exit(): Promise<number | null> {
    return this.#child.exit;
  }

  get log(): readonly LogLine[] {
    return this.#log;
  }

  /** Resolves with the lines of an event once there are so many. */
  async logged(event: string, count = 1): Promise<readonly LogLine[]> {
    const found = () => this.#log.filter((line) => line.event === event);
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (found().length >= count) resolve();
        else if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
          reject(new Error(`ended without ${count} × ${event}:\n${this.#stderr}`));
        } else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
    return found();
  }

  /** Where it listens, once it does; without a slash at the end. */
  async url(): Promise<string> {
    const [started] = await this.logged('started');
    const [url] = (started?.['urls'] ?? []) as string[];
    return (url ?? '').replace(/\/$/, '');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** A simulator as a process of its own, and the environment that leads a client to it. */
export async function startSimulate(args: readonly string[] = []): Promise<Environment> {
  const child = start(['simulate', '--listen-address=127.0.0.1:0', ...args], {});
  const environment: Record<string, string> = {};
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) environment[name] = value;
    if (/^# There are (?:no packs|packs in \w)/.test(line)) return environment;
  }
  throw new Error(`simulate ended: ${await text(child.stderr)}`);
}
