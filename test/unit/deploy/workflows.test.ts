import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pathOf, textOf } from '../../support/repository.js';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = '.github/workflows';
const FILES = readdirSync(pathOf(FOLDER));
const workflow = (file: string) => parse(textOf(`${FOLDER}/${file}`)) as Workflow;
const release = workflow('release.yml');
const scriptsOf = ({ jobs }: Workflow) =>
  Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));

describe.each(FILES)('%s', (file) => {
  it('uses actions by their commits, with the version beside it', () => {
    const uses = [...textOf(`${FOLDER}/${file}`).matchAll(/uses: (.+)$/gm)].map(([, text]) => text);
    expect(uses.length).toBeGreaterThan(0);
    for (const text of uses) {
      expect(text).toMatch(/^\.\/|^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('may read unless a job says otherwise', () => {
    expect(workflow(file).permissions).toEqual({ contents: 'read' });
  });

  it('waits for jobs that there are', () => {
    const { jobs } = workflow(file);
    const needs = Object.values(jobs).flatMap((job) => job.needs ?? []);
    expect(needs.filter((name) => !(name in jobs))).toEqual([]);
  });

  it('has scripts that bash can read, without anything that others write', () => {
    for (const script of scriptsOf(workflow(file))) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      expect(script).not.toContain('${{');
    }
  });
});

describe('ci.yml', () => {
  it('skips no test for want of a program', () => {
    const { jobs } = workflow('ci.yml');
    const given = jobs['check']?.steps?.flatMap(({ env }) => env?.['REQUIRED_SERVERS'] ?? []) ?? [];
    const installed = [...textOf('.ci/run').matchAll(/^(?:.* )?require ([\w-]+) [\w-]+$/gm)].map(
      ([, name = '']) => name,
    );
    const [, own = ''] = /^REQUIRED_SERVERS=".+\}([\w,-]+)"$/m.exec(textOf('.ci/run')) ?? [];
    const required = [...given, own].flatMap((names) => names.split(','));
    const [, known = ''] =
      /^export type Server =\n([^;]+);/m.exec(textOf('test/support/servers.ts')) ?? [];
    const all = [...known.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name);
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((name) => ![...required, ...installed].includes(name))).toEqual([]);
  });
});

describe('release.yml', () => {
  it('publishes nothing before all of it has been checked', () => {
    const before = (name: string): readonly string[] => {
      const needs = [release.jobs[name]?.needs ?? []].flat();
      return [...needs, ...needs.flatMap(before)];
    };
    expect(before('publish')).toEqual(expect.arrayContaining(['check', 'prepare', 'image']));
    const writers = Object.entries(release.jobs).filter(
      ([, { permissions = {} }]) => permissions['id-token'] === 'write',
    );
    expect(writers.map(([name]) => name)).toEqual(['publish']);
  });

  it('gives the image what the Dockerfile takes', () => {
    const build = scriptsOf(release).find((script) => script.includes('buildx build')) ?? '';
    const given = [...build.matchAll(/--build-arg=(\w+)/g)].map(([, name]) => name);
    const taken = [...textOf('Dockerfile').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
    expect([...new Set(taken)].sort()).toEqual(given.sort());
  });

  it('finds the base image that it pins', () => {
    const names = scriptsOf(release).find((script) => script.includes('imagetools inspect')) ?? '';
    const [line = ''] = names.split('\n').filter((text) => text.startsWith('base='));
    const { stdout } = spawnSync('bash', ['-c', `${line}; echo "$base"`], {
      cwd: pathOf('.'),
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^\S+\/node:\d+\.\d+\.\d+-\w+-slim\n$/);
  });

  it('moves no name before everything that does not move is published', () => {
    const scripts = release.jobs['publish']?.steps?.flatMap(({ run }) => run ?? []) ?? [];
    const last = scripts.at(-1) ?? '';
    expect(last).toContain('--tag "$IMAGE:$name" "$IMAGE:$VERSION"');
    const tagged = scripts
      .slice(0, -1)
      .flatMap((script) => [...script.matchAll(/--tag "(\$IMAGE:[^"]+)"/g)]);
    expect(tagged.map(([, name]) => name)).toEqual(['$IMAGE:$VERSION']);
  });

  it('signs and describes what it publishes', () => {
    const scripts = scriptsOf(release).join('\n');
    for (const command of [
      'cosign sign --yes --recursive "$IMAGE@$digest"',
      'cosign attest --yes --type=cyclonedx',
      'cosign sign --yes "$CHARTS/conformance-pack-exporter@$digest"',
      'cosign sign-blob',
      '--provenance=mode=max',
      '--provenance --access=public',
    ]) {
      expect(scripts).toContain(command);
    }
  });
});
