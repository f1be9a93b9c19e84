import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPTION_ROWS } from '../../../src/config/options.js';
import { Container } from '../../support/container.js';
import { baseImage, describeImage, type Image } from '../../support/image.js';
import { textOf } from '../../support/repository.js';

/** The base image, the packages and the build: all from nothing, on a busy machine. */
const BUILD_MS = 15 * 60_000;

const ARGS = { VERSION: '1.2.3', REVISION: '0123456789abcdef0123456789abcdef01234567' };

describe('the base image', () => {
  it('is the one that the page says how to pin', () => {
    const named = textOf('docs/container.md').match(/docker\.io\/library\/node:[\w.-]+/g);
    expect(named).toEqual([baseImage().name, baseImage().name]);
    const [, major] =
      /Node\.js (\d+) is the newest line with long-term/.exec(textOf('docs/container.md')) ?? [];
    expect(baseImage().node.split('.')[0]).toBe(major);
  });
});

describeImage('the image', ARGS, (built) => {
  let image: Image;
  let files: readonly (readonly [name: string, stats: Stats])[];

  beforeAll(async () => {
    image = await built();
    files = readdirSync(image.root, { recursive: true, encoding: 'utf8' }).map((name) => [
      `/${name}`,
      lstatSync(join(image.root, name)),
    ]);
  }, BUILD_MS);

  const namesWhere = (which: (stats: Stats, name: string) => boolean) =>
    files.filter(([name, stats]) => which(stats, name)).map(([name]) => name);

  it('starts the exporter, as a user that is a number and not root', () => {
    expect(image.config).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['node', '/app/dist/main.js'],
      WorkingDir: '/',
    });
    expect(image.config.Cmd ?? []).toEqual([]);
  });

  it('says where it listens', () => {
    const preset = OPTION_ROWS.find(([name]) => name === 'web.listen-address')?.[1].default;
    const ports = Object.keys(image.config.ExposedPorts);
    expect(ports).toEqual(['10117/tcp']);
    expect(preset).toBe(':10117');
  });

  it('has a health check that needs no shell', () => {
    const { Test, Timeout } = image.config.Healthcheck;
    expect(Test).toEqual(['CMD', 'node', '/app/healthcheck.mjs']);
    expect(Timeout).toBe(5e9);
  });

  it('is labelled as the Open Container Initiative has it', () => {
    const { description, license } = JSON.parse(textOf('package.json')) as Record<string, string>;
    expect(image.config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'conformance-pack-exporter',
      'org.opencontainers.image.description': description,
      'org.opencontainers.image.licenses': license,
      'org.opencontainers.image.base.name': baseImage().name,
      'org.opencontainers.image.version': ARGS.VERSION,
      'org.opencontainers.image.revision': ARGS.REVISION,
    });
  });

  it('has no shell, and no program but Node.js', () => {
    const programs = namesWhere(
      (stats, name) => stats.isFile() && (stats.mode & 0o111) !== 0 && !name.startsWith('/app/'),
    );
    const libraries = /\.so(\.\d+)*$/;
    expect(programs.filter((name) => !libraries.test(name))).toEqual(['/usr/local/bin/node']);
  });

  it('lets its user write to no file', () => {
    const others = namesWhere(
      ({ gid, mode, uid }) =>
        uid !== 0 || gid !== 0 || ((mode & 0o022) !== 0 && (mode & 0o1000) === 0),
    );
    // Links are writable in name only.
    expect(others.filter((name) => !lstatSync(join(image.root, name)).isSymbolicLink())).toEqual([
      '/home/nonroot',
      '/var/lib/conformance-pack-exporter',
    ]);
    expect(namesWhere(({ mode }) => (mode & 0o6000) !== 0)).toEqual([]);
  });

  it('has the dependencies of production only, and native code for itself only', () => {
    const lock = JSON.parse(textOf('package-lock.json')) as {
      packages: Record<string, { dev?: boolean; optional?: boolean }>;
    };
    const wanted = Object.entries(lock.packages)
      .filter(([name, { dev, optional }]) => name !== '' && dev !== true && optional !== true)
      .map(([name]) => `/app/${name}/package.json`);
    const names = new Set(files.map(([name]) => name));
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
    expect(names.has('/app/node_modules/typescript')).toBe(false);
    expect([...names].filter((name) => name.endsWith('.node'))).toEqual([
      `/app/node_modules/bcrypt/prebuilds/linux-${process.arch}/bcrypt.glibc.node`,
    ]);
  });

  it('says which packages of Debian are in it, with their licenses', () => {
    const packages = readdirSync(join(image.root, 'var/lib/dpkg/status.d'));
    expect(packages).toEqual(['libatomic1', 'libc6', 'libgcc-s1', 'libstdc++6']);
    for (const name of packages) {
      const status = readFileSync(join(image.root, 'var/lib/dpkg/status.d', name), 'utf8');
      expect(status).toMatch(new RegExp(`^Package: ${name.replaceAll('+', '\\+')}$`, 'm'));
      expect(status).toMatch(/^Version: \S+$/m);
      const copyright = join(image.root, 'usr/share/doc', name, 'copyright');
      expect(lstatSync(copyright).size).toBeGreaterThan(0);
    }
    expect(textIn('etc/os-release')).toContain(`VERSION_CODENAME=${baseImage().debian}`);
  });

  const textIn = (name: string) => readFileSync(join(image.root, name), 'utf8');

  it('is as small as its page says', () => {
    const bytes = files.reduce((sum, [, stats]) => sum + (stats.isFile() ? stats.size : 0), 0);
    const [, documented] = /\*\*(\d+) MB\*\* unpacked/.exec(textOf('docs/container.md')) ?? [];
    expect(bytes / 1e6).toBeGreaterThan(0.9 * Number(documented));
    expect(bytes / 1e6).toBeLessThan(1.1 * Number(documented));
  });

  const ask = (path: string) => [
    'node',
    '-e',
    `fetch('http://127.0.0.1:10117${path}').then((r) => r.text()).then(console.log)`,
  ];

  it('serves metrics and is healthy, with a root that cannot be written', async () => {
    const container = await Container.start(image, ['--demo', '--log.format=json']);
    await container.logged('refreshed');
    const metrics = await container.execute(...ask('/metrics'));
    expect(metrics).toContain('aws_config_org_conformance_pack_status{');
    expect(metrics).toContain(`version="v${baseImage().node}"`);
    const [, ...check] = image.config.Healthcheck.Test;
    await expect(container.execute(...check)).resolves.toBe('');
    const write = `require('node:fs').writeFileSync('/home/nonroot/file', '')`;
    await expect(container.execute('node', '-e', write)).rejects.toThrow('EROFS');
  });

  it('is process 1 that reloads at SIGHUP and stops at SIGTERM', async () => {
    const container = await Container.start(image, ['--demo', '--log.format=json']);
    await container.logged('started');
    await container.signal('HUP');
    await container.logged('reloaded');
    await container.signal('TERM');
    expect(await container.exit).toBe(0);
  });

  it('runs as any user', async () => {
    const container = await Container.start(image, ['--version'], 1_000_660_000);
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    expect(await container.stdout).toBe(`conformance-pack-exporter ${version}\n`);
    expect(await container.exit).toBe(0);
  });
});
