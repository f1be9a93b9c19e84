import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, it } from 'vitest';
import { pathOf, textOf } from './repository.js';
import { describeWith, skipped } from './servers.js';

const execute = promisify(execFile);

/** Of what a program prints on its way nothing is too much. */
const OUTPUT = { maxBuffer: 2 ** 26 };

/** What an image says of itself, as Docker has it. Durations in nanoseconds. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[] | null;
  readonly WorkingDir: string;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck: { readonly Test: readonly string[]; readonly Timeout: number };
}

/**
 * `describe` for tests of the image, built once for all of them with these arguments. Where it cannot be
 * built they are skipped, and loudly.
 */
export function describeImage(
  title: string,
  args: Readonly<Record<string, string>>,
  define: (image: () => Promise<Image>) => void,
): void {
  if (process.getuid?.() !== 0) {
    skipped('the image is built by root only');
    describe.skip(title, () => it('needs root'));
    return;
  }
  describeWith(
    'buildah',
    'debootstrap',
    'runc',
  )(title, () => {
    let built: Promise<Image> | undefined;
    afterAll(async () => (await built)?.remove());
    define(() => (built ??= Image.build(args)));
  });
}

/** The image that the Dockerfile builds on: its name, and the versions that are in it. */
export function baseImage(): { name: string; node: string; debian: string } {
  const [, name, node, debian] =
    /^ARG NODE_IMAGE=(\S+:(\d+\.\d+\.\d+)-(\w+)-slim)$/m.exec(textOf('Dockerfile')) ?? [];
  if (name === undefined || node === undefined || debian === undefined) {
    throw new Error('The Dockerfile does not name a release of Node.js on Debian');
  }
  return { name, node, debian };
}

/** An image of the Dockerfile, with its root where it can be looked at. */
export class Image {
  readonly config: ImageConfig;
  /** Where its root is on this machine. */
  readonly root: string;
  readonly #id: string;
  readonly #container: string;

  private constructor(id: string, container: string, root: string, config: ImageConfig) {
    this.#id = id;
    this.#container = container;
    this.root = root;
    this.config = config;
  }

  static async build(args: Readonly<Record<string, string>>): Promise<Image> {
    const folder = await mkdtemp(join(tmpdir(), 'image-'));
    try {
      await (entered ??= enterCache());
      await assembleBase(folder);
      await buildah(
        ...'bud --isolation chroot --pull-never --format docker'.split(' '),
        ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
        ...(await registrySettings(folder)),
        `--iidfile=${join(folder, 'id')}`,
        pathOf('.'),
      );
      const id = await readFile(join(folder, 'id'), 'utf8');
      const { Docker } = JSON.parse(await buildah('inspect', '--type=image', id)) as {
        Docker: { config: ImageConfig };
      };
      const container = await buildah('from', '--pull-never', id);
      return new Image(id, container, await buildah('mount', container), Docker.config);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async remove(): Promise<void> {
    await buildah('rm', this.#container);
    await buildah('rmi', this.#id);
    await rm(join(USERS, String(process.pid)), { force: true });
  }
}

/** The base image stays here from one run to the next, since it takes a minute to assemble. */
const CACHE = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'conformance-pack-exporter/images',
);

/** A file for each process that uses the cache, by its number. */
const USERS = join(CACHE, 'users');

let entered: Promise<void> | undefined;

/**
 * Begins to use the cache. What tests that were interrupted have left in it goes, unless others use it now: it
 * cannot be told whose it is.
 */
async function enterCache(): Promise<void> {
  await mkdir(USERS, { recursive: true });
  const others = await readdir(USERS);
  await writeFile(join(USERS, String(process.pid)), '');
  const gone = others.filter((pid) => !isAlive(Number(pid)));
  for (const pid of gone) await rm(join(USERS, pid), { force: true });
  if (gone.length < others.length) return;
  await buildah('rm', '--all');
  const images = await buildah('images', '--all', '--format={{.ID}} {{.Name}}:{{.Tag}}');
  for (const line of images.split('\n')) {
    const [id = '', name] = line.split(' ');
    if (id !== '' && name !== baseImage().name) await buildah('rmi', '--force', id);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function buildah(...args: readonly string[]): Promise<string> {
  const storage = [`--root=${CACHE}/root`, `--runroot=${CACHE}/run`, '--storage-driver=vfs'];
  return (await execute('buildah', [...storage, ...args], OUTPUT)).stdout.trim();
}

async function npm(folder: string, ...args: readonly string[]): Promise<string> {
  return (await execute('npm', args, { cwd: folder })).stdout.trim();
}

/**
 * Makes the image that the Dockerfile builds on, under its name, so that none is pulled: Debian by
 * debootstrap, Node.js as the npm registry has it, and npm from this machine.
 */
async function assembleBase(folder: string): Promise<void> {
  const { debian, name, node } = baseImage();
  await mkdir(CACHE, { recursive: true });
  const images = await buildah('images', '--format={{.Name}}:{{.Tag}}');
  if (images.split('\n').includes(name)) return;
  const root = join(folder, 'root');
  await execute('debootstrap', ['--variant=minbase', debian, root], OUTPUT);
  const archive = await npm(folder, 'pack', '--silent', `node-linux-${process.arch}@${node}`);
  await execute('tar', ['--extract', `--file=${archive}`], { cwd: folder });
  const local = join(root, 'usr/local');
  await cp(join(folder, 'package/bin/node'), join(local, 'bin/node'));
  await cp(join(folder, 'package/LICENSE'), join(local, 'LICENSE'));
  const modules = await npm(folder, 'root', '--global');
  await cp(join(modules, 'npm'), join(local, 'lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
  const container = await buildah('from', 'scratch');
  await buildah('add', '--quiet', container, root, '/');
  await buildah('config', '--env=PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', container);
  await buildah('commit', '--quiet', '--rm', container, name);
}

/** Options by which npm reaches its registry inside the build as it does on this machine. */
async function registrySettings(folder: string): Promise<readonly string[]> {
  const registry = `registry=${await npm(folder, 'config', 'get', 'registry')}\n`;
  const authorities = await npm(folder, 'config', 'get', 'cafile');
  const settings = join(folder, 'npmrc');
  const mounted = `--volume=${settings}:/usr/local/etc/npmrc:ro`;
  if (authorities === 'null') {
    await writeFile(settings, registry);
    return [mounted];
  }
  await writeFile(settings, `${registry}cafile=/usr/local/etc/authorities.pem\n`);
  return [mounted, `--volume=${authorities}:/usr/local/etc/authorities.pem:ro`];
}
