import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../support/repository.js';

const execute = promisify(execFile);

const filesIn = (folder: string) =>
  readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => `${parentPath.slice(pathOf('.').length)}/${name}`);

describe('the package of npm', () => {
  it('has the program, its pages and the dashboards, and nothing else', async () => {
    const { stdout } = await execute('npm', ['pack', '--dry-run', '--json'], { cwd: pathOf('.') });
    const [packed] = JSON.parse(stdout) as { files: { path: string; mode: number }[] }[];
    const modules = filesIn('src')
      .filter((name) => /\.(?:tsx?|js|css|svg)$/.test(name))
      .map((name) => name.replace(/^src/, 'dist').replace(/\.tsx?$/, '.js'));
    const pages = filesIn('docs').filter((name) => !name.endsWith('.ts'));
    const own = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
    expect(packed?.files.map(({ path }) => path).sort()).toEqual(
      [...own, ...modules, ...pages, ...filesIn('grafana/dashboards')].sort(),
    );
    const program = packed?.files.find(({ path }) => path === 'dist/main.js');
    expect((program?.mode ?? 0) & 0o111).toBe(0o111);
  });
});
