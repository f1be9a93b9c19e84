import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/files.js';
import { pathOf, textOf } from '../../support/repository.js';

const execute = promisify(execFile);

const FILES = {
  'package.json': '{ "version": "1.2.3" }',
  'package-lock.json': '{ "version": "1.2.3" }',
  'deploy/helm/conformance-pack-exporter/Chart.yaml': 'version: 1.2.3\nappVersion: 1.2.3\n',
  'README.md': 'Nothing.\n',
  'deploy/kubernetes/overlays/one-process/kustomization.yaml': 'images:\n  - newTag: 1.2.3\n',
  'docs/container.md': 'docker run ghcr.io/OWNER/REPOSITORY:1.2.3\n',
  'CHANGELOG.md':
    '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-02-01\n\n### Fixed\n\n- This.\n\n## [1.2.2] - 2026-01-01\n\n- That.\n',
};

async function release(tag: string, files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries({ ...FILES, ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return execute(process.execPath, [pathOf('.ci/release.mjs'), tag], { cwd: folder });
}

describe('a release', () => {
  it('has the notes of its version', async () => {
    expect((await release('v1.2.3')).stdout).toBe('### Fixed\n\n- This.\n');
  });

  it('is refused with everything that does not agree', async () => {
    await expect(
      release('v1.2.4', {
        'package.json': '{ "version": "1.2.4" }',
        'deploy/helm/conformance-pack-exporter/Chart.yaml': 'version: 1.2.4\nappVersion: "1.2.3"\n',
      }),
    ).rejects.toMatchObject({
      code: 1,
      stderr:
        'package-lock.json is 1.2.3, not 1.2.4\n' +
        'the appVersion in Chart.yaml is 1.2.3, not 1.2.4\n' +
        'deploy/kubernetes/overlays/one-process/kustomization.yaml has 1.2.3, not 1.2.4\n' +
        'docs/container.md has 1.2.3, not 1.2.4\n' +
        'CHANGELOG.md has no section of 1.2.4 with a date\n',
    });
  });

  it.each([
    ['deploy/kubernetes/overlays/one-process/kustomization.yaml', "newTag: '1.2.2'\n"],
    ['deploy/ecs/README.md', 'Image=registry.example.com/conformance-pack-exporter:1.2.2 \\\n'],
    ['docs/releases.md', 'npm install conformance-pack-exporter@1.2.2\n'],
    ['docs/releases.md', 'helm install oci://ghcr.io/OWNER/charts/x --version 1.2.2\n'],
    ['docs/releases.md', 'release.yml@refs/tags/v1.2.2\n'],
    ['docs/releases.md', 'sha256sum conformance-pack-exporter-1.2.2.tgz\n'],
    ['README.md', 'docker run REPOSITORY:1.2.2\n'],
  ])('is refused where %s still says the one before: %s', async (file, text) => {
    const stderr = `${file} has 1.2.2, not 1.2.3\n`;
    await expect(release('v1.2.3', { [file]: text })).rejects.toMatchObject({ code: 1, stderr });
  });

  it('is refused while something is unreleased', async () => {
    const text = `## [Unreleased]\n\n### Added\n\n- More.\n\n${FILES['CHANGELOG.md']}`;
    const stderr = 'CHANGELOG.md has something under [Unreleased] still\n';
    await expect(release('v1.2.3', { 'CHANGELOG.md': text })).rejects.toMatchObject({ stderr });
  });

  it('would be of one version throughout', async () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    const said = await execute(process.execPath, [pathOf('.ci/release.mjs'), version], {
      cwd: pathOf('.'),
    }).catch((error: unknown) => error as { stderr: string });
    // What has changed since the last release is written down at the next one.
    const lines = said.stderr.split('\n').filter((line) => !line.startsWith('CHANGELOG.md'));
    expect(lines).toEqual(['']);
  });

  it('is refused without a date', async () => {
    const files = { 'CHANGELOG.md': '## [1.2.3] - soon\n' };
    await expect(release('v1.2.3', files)).rejects.toMatchObject({ code: 1 });
  });
});

describe('the changelog', () => {
  it('keeps to its form', () => {
    const headings = [...textOf('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, text]) => text);
    expect(headings[0]).toBe('[Unreleased]');
    for (const heading of headings.slice(1)) {
      expect(heading).toMatch(/^\[\d+\.\d+\.\d+(?:-[\w.]+)?\] - \d{4}-\d{2}-\d{2}$/);
    }
    const kinds = [...textOf('CHANGELOG.md').matchAll(/^### (.+)$/gm)].map(([, text]) => text);
    const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
    expect(kinds.filter((kind) => !known.includes(kind ?? ''))).toEqual([]);
  });
});
