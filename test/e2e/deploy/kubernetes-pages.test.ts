import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../../support/files.js';
import { helm, only, render } from '../../support/helm.js';
import { parseObjects, problemsOf } from '../../support/kubernetes.js';
import { run } from '../../support/program.js';
import { exporterOf, laidOut } from '../../support/release.js';
import { fencesOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const PAGES = ['docs/kubernetes.md', 'deploy/helm/conformance-pack-exporter/README.md'];

const FENCES = PAGES.flatMap((page) => fencesOf(textOf(page)));

/** Every YAML of the pages, by the first of its keys. */
const YAML = FENCES.filter(({ language }) => language === 'yaml').map(({ text }) => {
  const value = parse(text) as Readonly<Record<string, unknown>>;
  return [Object.keys(value)[0] ?? '', value] as const;
});
const VALUES = YAML.filter(([key]) => key !== 'apiVersion');

/** Commands as lists of words. */
const COMMANDS = FENCES.filter(({ language }) => language === 'sh').flatMap(({ notRun, text }) =>
  text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => ({ notRun, words: line.trim().split(/\s+/) })),
);
const commandsOf = (program: string) =>
  COMMANDS.filter(({ words }) => words[0] === program).map(({ notRun, words }) => ({
    notRun,
    words: words.slice(1),
  }));

describeWith('helm')('the values of the pages', () => {
  it('are of all kinds that the pages speak of', () => {
    expect(VALUES.length).toBeGreaterThan(3);
    expect(YAML.length).toBe(VALUES.length + 1);
  });

  it('render to what Kubernetes knows and the program takes', async () => {
    const rendered = await Promise.all(VALUES.map(([, values]) => render(values)));
    expect(problemsOf(rendered.flat())).toEqual([]);
    for (const objects of rendered) {
      const { args, environment } = await laidOut(objects);
      const { stderr, stdout } = await run(['--config.check', ...args], environment);
      expect(stdout, stderr).toBe('The configuration is valid.\n');
    }
  });
});

describeWith('helm')('helm', () => {
  const upgrades = commandsOf('helm').filter(({ words }) => words[0] === 'upgrade');

  it.each(upgrades)('would install what $words says', async ({ words }) => {
    const [, install, ...rest] = words;
    expect(install).toBe('--install');
    const file = join(await temporaryFolder(), 'values.yaml');
    await writeFile(file, JSON.stringify(VALUES.find(([key]) => key === 'image')?.[1]));
    const args = rest.map((word) => (word === 'values.yaml' ? file : word));
    const objects = parseObjects(await helm('template', ...args));
    expect(exporterOf(objects).container.image).toMatch(/^444455556666\.dkr\.ecr\./);
    expect(only(objects, 'Service').metadata).toMatchObject({
      name: 'conformance-pack-exporter',
      namespace: 'monitoring',
    });
  });
});

describeWith('kubectl')('kubectl', () => {
  it.each(commandsOf('kubectl').filter(({ notRun }) => notRun !== undefined))(
    'knows the flags of $words',
    async ({ words }) => {
      const command = words.find((word) => !word.startsWith('-') && word !== 'monitoring') ?? '';
      const help = async (...args: readonly string[]) =>
        (await execute('kubectl', [...args])).stdout;
      const known = `${await help(command, '--help')}${await help('options')}`;
      const own = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined);
      const flags = own.filter((word) => word.startsWith('--'));
      for (const flag of flags) expect(known).toContain(`${flag}=`);
      expect(words.length).toBeGreaterThan(flags.length);
    },
  );
});

describe('doctor in the pod', () => {
  it('is called as the image has it, with flags that it takes', async () => {
    const words = commandsOf('kubectl').flatMap(({ words }) =>
      words.includes('exec') ? [words] : [],
    )[0];
    const [program, main, command, flag = ''] = words?.slice(words.indexOf('--') + 1) ?? [];
    expect([program, main, command]).toEqual(['node', '/app/dist/main.js', 'doctor']);
    const { stdout } = await run(['doctor', '--help']);
    expect(stdout).toContain(flag.split('=')[0]);
    expect(flag.split('=')[1]).toBe('/etc/conformance-pack-exporter/config/exporter.yaml');
  });
});
