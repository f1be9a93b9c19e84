import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { pathOf, textOf } from '../../support/repository.js';

const execute = promisify(execFile);

const filesIn = (folder: string) =>
  readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => `${parentPath.slice(pathOf('.').length)}/${name}`);

/** What a page leads to: relative links and pictures. */
function targetsOf(page: string): readonly string[] {
  const links = textOf(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g);
  return [...links]
    .map(([, link, picture]) => link ?? picture ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The fragment of each heading of a page, as GitHub makes it. */
function fragmentsOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the package of npm', () => {
  let packed: readonly { readonly path: string; readonly mode: number }[];
  beforeAll(async () => {
    const { stdout } = await execute('npm', ['pack', '--dry-run', '--json'], { cwd: pathOf('.') });
    const [made] = JSON.parse(stdout) as { files: typeof packed }[];
    packed = made?.files ?? [];
  });
  const paths = () => packed.map(({ path }) => path);

  it('has the program, its pages, the dashboards and what deploys it, and nothing else', () => {
    const modules = filesIn('src')
      .filter((name) => /\.(?:tsx?|js|css|svg)$/.test(name))
      .map((name) => name.replace(/^src/, 'dist').replace(/\.tsx?$/, '.js'));
    const rest = ['docs', 'deploy', 'grafana/dashboards']
      .flatMap(filesIn)
      .filter((name) => !/\.ts$|\/\.terraform/.test(name));
    const own = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
    expect(paths().sort()).toEqual([...own, ...modules, ...rest].sort());
    const program = packed.find(({ path }) => path === 'dist/main.js');
    expect((program?.mode ?? 0) & 0o111).toBe(0o111);
  });

  it('has everything that its pages lead to', () => {
    const there = (path: string) =>
      paths().some((name) => name === path || name.startsWith(`${path}/`));
    const dead = paths()
      .filter((name) => name.endsWith('.md'))
      .flatMap((page) =>
        targetsOf(page).flatMap((target) => {
          const [file = '', fragment] = target.split('#');
          const path = file === '' ? page : join(dirname(page), file).replace(/\/$/, '');
          const found =
            there(path) && (fragment === undefined || fragmentsOf(path).includes(fragment));
          return found ? [] : [`${page}: ${target}`];
        }),
      );
    expect(dead).toEqual([]);
  });
});
