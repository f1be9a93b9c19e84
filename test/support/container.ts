import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './files.js';
import type { Image } from './image.js';

const execute = promisify(execFile);

const NAME = 'exporter';

/**
 * A container as strict as an orchestrator can make it: its root cannot be written, it has no
 * capabilities and no network but its own loopback. The program is process 1 in it.
 */
export class Container {
  readonly #state: string;
  readonly #lines: string[] = [];
  readonly #log: Interface;
  /** All that it wrote to standard output, once it has ended. */
  readonly stdout: Promise<string>;
  /** The exit code of the program. */
  readonly exit: Promise<number | null>;

  private constructor(state: string, bundle: string) {
    this.#state = state;
    const child = spawn('runc', ['--root', state, 'run', '--bundle', bundle, NAME], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#log = createInterface(child.stderr).on('line', (line) => this.#lines.push(line));
    this.stdout = text(child.stdout);
    this.exit = once(child, 'close').then(([code]) => code as number | null);
  }

  /** `user` is a number that the image does not know. */
  static async start(
    { config, root }: Image,
    args: readonly string[],
    user?: number,
  ): Promise<Container> {
    const bundle = await temporaryFolder();
    await execute('runc', ['spec', '--bundle', bundle]);
    const file = join(bundle, 'config.json');
    const spec = JSON.parse(await readFile(file, 'utf8')) as { process: object };
    const [uid, gid] = user === undefined ? config.User.split(':').map(Number) : [user, 0];
    const process = {
      ...spec.process,
      args: [...config.Entrypoint, ...args],
      env: config.Env,
      cwd: config.WorkingDir,
      user: { uid, gid },
      terminal: false,
      capabilities: {},
    };
    const changed = { ...spec, process, root: { path: root, readonly: true } };
    await writeFile(file, JSON.stringify(changed));
    const container = new Container(await temporaryFolder(), bundle);
    onTestFinished(async () => {
      // It may have ended by itself.
      await container.#runc('kill', NAME, 'KILL').catch(() => undefined);
      await container.exit;
    });
    return container;
  }

  /** Resolves once it has logged an event. */
  async logged(event: string): Promise<void> {
    const ended = this.exit.then(() => Promise.reject(new Error(this.#lines.join('\n'))));
    while (!this.#lines.some((line) => line.includes(`"event":"${event}"`))) {
      await Promise.race([once(this.#log, 'line'), ended]);
    }
    ended.catch(() => undefined);
  }

  /** Runs a program in it as its user. Rejects unless that exits with 0. */
  async execute(...command: readonly string[]): Promise<string> {
    return this.#runc('exec', NAME, ...command);
  }

  async signal(signal: 'TERM' | 'INT' | 'HUP'): Promise<void> {
    await this.#runc('kill', NAME, signal);
  }

  async #runc(...args: readonly string[]): Promise<string> {
    const all = ['--root', this.#state, ...args];
    return (await execute('runc', all, { maxBuffer: 2 ** 26 })).stdout;
  }
}
