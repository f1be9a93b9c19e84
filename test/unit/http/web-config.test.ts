import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadWebConfig } from '../../../src/config/web-config.js';
import { createWebConfig, type WebConfigOptions } from '../../../src/http/web-config.js';
import type { TlsSettings } from '../../../src/http/web-settings.js';
import { certify } from '../../support/certificates.js';
import { collectingLogger } from '../../support/logged.js';

const first = await certify({ name: 'first', notAfter: new Date('2031-01-02T03:04:05Z') });
const second = await certify({ name: 'second', notAfter: new Date('2032-01-02T03:04:05Z') });

const TLS = 'tls_server_config: {cert_file: tls.crt, key_file: tls.key}\n';
const header = (value: string) => `http_server_config: {headers: {X-XSS-Protection: ${value}}}\n`;

const FILES = {
  'web.yml': TLS + header('old'),
  'tls.crt': first.cert,
  'tls.key': first.key,
} as const;

type Files = Partial<Record<keyof typeof FILES, string>>;

/** Replaces files: clocks of file systems may not tell two moments apart that a test does. */
async function write(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, 'temporary'), content);
    await rename(join(folder, 'temporary'), join(folder, name));
  }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'web-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function folderWith(files: Files): Promise<string> {
  const folder = await temporaryFolder();
  await write(folder, files);
  return folder;
}

/** The web configuration in a folder, as it is right after the start. */
function start(folder: string, load?: WebConfigOptions['load']) {
  const file = join(folder, 'web.yml');
  const { config: initial } = loadWebConfig(file, (path) => readFileSync(path, 'utf8'));
  if (initial === undefined) throw new Error('the test begins with a wrong file');
  const { lines, logger } = collectingLogger();
  const heard: TlsSettings[] = [];
  const webConfig = createWebConfig({
    file,
    initial,
    load: load ?? ((readFile) => loadWebConfig(file, readFile)),
    onTls: (tls) => heard.push(tls),
    logger,
  });
  return {
    file,
    lines,
    webConfig,
    events: () => lines.map(({ event }) => event),
    header: () => webConfig.settings.headers['X-XSS-Protection'],
    /** When the certificates stop being valid that listeners have heard of. */
    heard: () => heard.map(({ notAfter }) => new Date(notAfter).getUTCFullYear()),
    look: async (times: number) => {
      for (let time = 0; time < times; time++) await webConfig.reloadIfChanged();
    },
  };
}

const LOADED = 'web_config_loaded';
const REFUSED = 'web_config_refused';

describe('a web configuration file', () => {
  it('is read at the first look, and not again while nothing changes', async () => {
    const { file, heard, lines, look } = start(await folderWith(FILES));
    await look(4);
    expect(lines).toEqual([
      {
        level: 'info',
        event: LOADED,
        file,
        tls: true,
        certificateNotAfter: '2031-01-02T03:04:05.000Z',
        users: 0,
        msg: 'Loaded the web configuration',
      },
    ]);
    expect(heard()).toEqual([2031]);
  });

  it('that changed before the first look is not missed', async () => {
    const folder = await folderWith(FILES);
    const { header: current, look } = start(folder);
    await write(folder, { 'web.yml': TLS + header('new') });
    await look(1);
    expect(current()).toBe('new');
  });

  it('that changes is taken once it has settled', async () => {
    const folder = await folderWith(FILES);
    const { events, header: current, look } = start(folder);
    await look(2);
    await write(folder, { 'web.yml': TLS + header('new') });
    await look(1);
    expect(current()).toBe('old');
    await look(1);
    expect(current()).toBe('new');
    await look(2);
    expect(events()).toEqual([LOADED, LOADED]);
  });

  it('that changes while it is read is read again', async () => {
    const folder = await folderWith(FILES);
    let isFirst = true;
    const { header: current, look } = start(folder, (readFile) => {
      const loaded = loadWebConfig(join(folder, 'web.yml'), readFile);
      if (isFirst) writeFileSync(join(folder, 'web.yml'), TLS + header('newer'));
      isFirst = false;
      return loaded;
    });
    await look(1);
    expect(current()).toBe('old');
    await look(2);
    expect(current()).toBe('newer');
  });

  it('that is wrong changes nothing, and is told once', async () => {
    const folder = await folderWith(FILES);
    const { events, file, header: current, heard, lines, look, webConfig } = start(folder);
    await look(1);
    await write(folder, { 'web.yml': `${TLS}${header('new')}user: {}\n` });
    await look(5);
    expect(current()).toBe('old');
    expect(webConfig.lastReloadSuccessful).toBe(false);
    expect(lines.slice(1)).toEqual([
      {
        level: 'error',
        event: REFUSED,
        file,
        problems: [`${file}:3:1 user: unknown key`],
        msg: 'The web configuration is wrong, the one before stays',
      },
    ]);
    await write(folder, { 'web.yml': 'user: {}\n' });
    await look(2);
    await write(folder, { 'web.yml': TLS + header('right') });
    await look(2);
    expect(events()).toEqual([LOADED, REFUSED, REFUSED, LOADED]);
    expect([current(), webConfig.lastReloadSuccessful]).toEqual(['right', true]);
    expect(heard()).toEqual([2031, 2031]);
  });

  it('has its certificate read again, too, together with the key that follows it', async () => {
    const folder = await folderWith(FILES);
    const { events, heard, look } = start(folder);
    await look(2);
    await write(folder, { 'tls.crt': second.cert });
    await look(1);
    await write(folder, { 'tls.key': second.key });
    await look(2);
    expect(heard()).toEqual([2031, 2032]);
    expect(events()).toEqual([LOADED, LOADED]);
  });

  it('keeps the key that it had where the file of it is gone', async () => {
    const folder = await folderWith(FILES);
    const { heard, lines, look, webConfig } = start(folder);
    await look(2);
    await rm(join(folder, 'tls.key'));
    await look(3);
    expect(webConfig.settings.tls?.context.key).toBe(first.key);
    expect(lines.at(-1)).toMatchObject({
      event: REFUSED,
      problems: [expect.stringContaining('tls_server_config.key_file: cannot be read: ENOENT')],
    });
    await write(folder, { 'tls.crt': second.cert, 'tls.key': second.key });
    await look(2);
    expect(heard()).toEqual([2031, 2032]);
  });

  it('follows links as Kubernetes swaps them', async () => {
    const folder = await temporaryFolder();
    const mount = async (name: string, files: Files) => {
      await mkdir(join(folder, name));
      await write(join(folder, name), files);
      await symlink(name, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await mount('..1', FILES);
    for (const name of Object.keys(FILES)) await symlink(`..data/${name}`, join(folder, name));
    const { events, header: current, heard, look } = start(folder);
    await look(2);
    await mount('..2', {
      'web.yml': TLS + header('new'),
      'tls.crt': second.cert,
      'tls.key': second.key,
    });
    await rm(join(folder, '..1'), { recursive: true });
    await look(2);
    expect([current(), heard(), events()]).toEqual(['new', [2031, 2032], [LOADED, LOADED]]);
  });

  it.each([
    ['off', FILES, header('new')],
    ['on', { ...FILES, 'web.yml': header('old') }, TLS + header('new')],
  ])('that turns TLS %s is refused as a whole', async (direction, files, changed) => {
    const folder = await folderWith(files);
    const { header: current, file, heard, lines, look } = start(folder);
    await look(1);
    const before = heard();
    await write(folder, { 'web.yml': changed });
    await look(2);
    expect(lines.at(-1)).toMatchObject({
      event: REFUSED,
      problems: [`${file}: turns TLS ${direction}, which needs a restart`],
    });
    expect([current(), heard()]).toEqual(['old', before]);
  });

  it('is read at once by whoever demands it, and then not again by itself', async () => {
    const folder = await folderWith(FILES);
    const { events, file, header: current, look, webConfig } = start(folder);
    await look(1);
    await write(folder, { 'web.yml': TLS + header('new') });
    expect(webConfig.reload()).toEqual([]);
    expect(current()).toBe('new');
    await write(folder, { 'web.yml': 'user: {}' });
    expect(webConfig.reload()).toEqual([{ path: `${file}:1:1 user`, message: 'unknown key' }]);
    await look(3);
    expect(events()).toEqual([LOADED, LOADED, REFUSED]);
  });
});
