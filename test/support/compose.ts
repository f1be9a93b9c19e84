import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from './files.js';
import { freePort } from './prometheus.js';
import { pathOf, textOf } from './repository.js';

const execute = promisify(execFile);

/** A service of a compose file, as far as the tests look. */
export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly string[];
  readonly network_mode?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: unknown;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

export const COMPOSE = 'deploy/compose/compose.yaml';

/** What the file says, with the defaults of its variables in their places. */
export function composeFile(): { readonly services: Readonly<Record<string, Service>> } {
  const text = textOf(COMPOSE).replace(/\$\{\w+:-(\w+)\}/g, '$1');
  return parse(text, { merge: true }) as { services: Record<string, Service> };
}

/** A volume of a service: what is mounted where. A name without a slash is a volume of Docker's. */
export function mountsOf({ volumes = [] }: Service) {
  return volumes.map((volume) => {
    const [source = '', target = '', mode] = volume.split(':');
    const file = source.startsWith('.') ? join(dirname(COMPOSE), source) : undefined;
    return { file, target, readOnly: mode === 'ro' };
  });
}

/** How a service is run without a container: the program, and what it needs to be told beside the rest. */
interface Native {
  readonly program: string;
  readonly before?: readonly string[];
  /** To listen on the loopback only, and on a port that is free. */
  readonly listen?: (address: string) => string;
}

const listen = (address: string) => `--web.listen-address=${address}`;

const NATIVE: Readonly<Record<string, Native>> = {
  exporter: { program: process.execPath, before: [pathOf('dist/main.js')], listen },
  prometheus: { program: 'prometheus', listen },
  alertmanager: { program: 'prometheus-alertmanager', listen },
  receiver: { program: process.execPath },
};

/** The health check that the image has, for services that have none. */
const OF_THE_IMAGE = ['CMD', 'node', '/app/healthcheck.mjs', 'http://127.0.0.1:10117/-/healthy'];

/** The ports of the services; those by which they reach one another. */
export const PORTS: Readonly<Record<string, string>> = {
  exporter: '10117',
  prometheus: '9090',
  alertmanager: '9093',
  receiver: '9099',
};

/**
 * The services of the compose file as processes of this machine, with the arguments and the files that it
 * gives them. Each has a folder that stands for the root of its container; in arguments and files only
 * paths and addresses are put into their places.
 */
export class Stack {
  readonly #folder: string;
  readonly #ports: ReadonlyMap<string, number>;

  private constructor(folder: string, ports: ReadonlyMap<string, number>) {
    this.#folder = folder;
    this.#ports = ports;
  }

  static async create(): Promise<Stack> {
    const ports = new Map<string, number>();
    for (const port of Object.values(PORTS)) ports.set(port, await freePort());
    return new Stack(await temporaryFolder(), ports);
  }

  /** Where a service listens. */
  url(service: string): string {
    return `http://${this.#placed(`localhost:${PORTS[service] ?? ''}`)}`;
  }

  /** Starts a service and resolves once it is healthy. Its output goes line by line to `onLine`. */
  async start(
    name: string,
    service: Service,
    onLine: (line: string) => void = () => undefined,
  ): Promise<void> {
    const native = NATIVE[name];
    if (native === undefined) throw new Error(`nothing runs ${name} here`);
    for (const { file, target } of mountsOf(service)) this.#mount(name, file, target);
    const [, ...entrypoint] = service.entrypoint ?? [''];
    const given = [...entrypoint, ...(service.command ?? [])].map((text) =>
      this.#local(name, text),
    );
    const address = this.#placed(`localhost:${PORTS[name] ?? ''}`);
    const last = native.listen === undefined ? [] : [native.listen(address)];
    const child = spawn(native.program, [...(native.before ?? []), ...given, ...last], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = once(child, 'close');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exit;
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        onLine(line);
      });
    }
    for (let attempt = 0; attempt < 300; attempt++) {
      if (child.exitCode !== null) break;
      if (await this.#isHealthy(name, service)) return;
      await delay(100);
    }
    throw new Error(`${name} is not healthy:\n${lines.join('\n')}`);
  }

  async #isHealthy(name: string, { healthcheck }: Service): Promise<boolean> {
    const [form, program = '', ...args] = healthcheck?.test ?? OF_THE_IMAGE;
    if (form !== 'CMD') throw new Error(`${name} has no health check that can be run`);
    const local = args.map((text) =>
      text === '/app/healthcheck.mjs'
        ? pathOf('deploy/container/healthcheck.mjs')
        : this.#local(name, text),
    );
    try {
      await execute(program, local);
      return true;
    } catch {
      return false;
    }
  }

  /** Copies what is mounted, so that addresses in it can be put into their places. */
  #mount(service: string, file: string | undefined, target: string): void {
    const place = join(this.#folder, service, target);
    if (file === undefined) {
      mkdirSync(place, { recursive: true });
      return;
    }
    cpSync(pathOf(file), place, { recursive: true });
    const files = lstatSync(place).isDirectory()
      ? readdirSync(place).map((name) => join(place, name))
      : [place];
    for (const each of files) writeFileSync(each, this.#placed(readFileSync(each, 'utf8')));
  }

  /** An argument with its paths below the folder of the service. */
  #local(service: string, argument: string): string {
    const port = this.#ports.get(argument);
    if (port !== undefined) return String(port);
    return this.#placed(argument).replace(
      /^(--[\w.-]+=|)(\/.*)$/,
      (_, option: string, path: string) => option + join(this.#folder, service, path),
    );
  }

  /** A text with the addresses of services as they are here. */
  #placed(text: string): string {
    return (
      text
        .replace(/\b(?:[a-z]+|127\.0\.0\.1):(\d{4,5})\b/g, (whole, port: string) => {
          const placed = this.#ports.get(port);
          return placed === undefined ? whole : `127.0.0.1:${placed}`;
        })
        // Nobody waits for others to join a notification.
        .replace(/\bgroup_wait: \w+/g, 'group_wait: 0s')
    );
  }
}
