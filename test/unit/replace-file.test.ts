import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { outputFile } from '../../src/commands/output-file.js';
import { writeStateFile } from '../../src/refresh/state-file.js';
import { replaceFile } from '../../src/replace-file.js';
import { temporaryFolder } from '../support/files.js';

const permissions = async (path: string) => (await stat(path)).mode & 0o777;

async function* contentOf(text: string) {
  yield await Promise.resolve(Buffer.from(text));
}

describe('under a strict umask', () => {
  beforeEach(() => {
    const before = process.umask(0o077);
    onTestFinished(() => {
      process.umask(before);
    });
  });

  it('others can read the metrics, whoever could before', async () => {
    const path = join(await temporaryFolder(), 'packs.prom');
    await writeFile(path, 'old');
    expect(await permissions(path)).toBe(0o600);
    await outputFile(path).write(contentOf('new'));
    expect(await permissions(path)).toBe(0o644);
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('nobody else can read the state', async () => {
    const path = join(await temporaryFolder(), 'state');
    await writeStateFile(path, { scopes: [], sources: [] });
    expect(await permissions(path)).toBe(0o600);
  });
});

it('the state is for nobody else under a lenient umask either, nor where a crash left something', async () => {
  const before = process.umask(0);
  onTestFinished(() => {
    process.umask(before);
  });
  const path = join(await temporaryFolder(), 'state');
  await writeFile(`${path}.tmp`, 'half of it');
  expect(await permissions(`${path}.tmp`)).toBe(0o666);
  await writeStateFile(path, { scopes: [], sources: [] });
  expect(await permissions(path)).toBe(0o600);
});

it('a file that could not be replaced is as it was, and nothing is left beside it', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'packs.prom');
  await writeFile(path, 'old');
  async function* broken() {
    yield* contentOf('half of it');
    throw new Error('broken');
  }
  const replacing = replaceFile(path, broken(), { temporary: `${path}.tmp`, mode: 0o644 });
  await expect(replacing).rejects.toThrow('broken');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['packs.prom']);
});
