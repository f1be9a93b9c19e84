import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { temporaryFolder } from '../files.js';
import { linesOf, pathOf, textOf } from '../repository.js';
import { openShell, REGISTRY } from '../shell.js';
import { stageWith, type Stage } from './stage.js';

const execute = promisify(execFile);

const PROGRAM = '/opt/conformance-pack-exporter/bin/conformance-pack-exporter';

/** The exporter, its unit and its files, installed below another root. */
export const systemd: Stage = {
  pages: /^deploy\/systemd\/README\.md$/,
  describe: stageWith([], async () => {
    const root = await temporaryFolder();
    const pack = ['pack', '--silent', '--pack-destination', root];
    const { stdout: packed } = await execute('npm', pack, { cwd: pathOf('.') });
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    const { run } = await openShell(pathOf('.'), REGISTRY);
    return async (commands) => {
      for (const line of linesOf(commands)) {
        const here = line.replaceAll(/(?<= )\/(?:opt|etc)\//g, (path) => root + path);
        if (line.startsWith('npm install ')) {
          // Not what is published, but what would be.
          await run(here.replace(/ conformance-pack-exporter$/, ` ${join(root, packed.trim())}`));
          const said = await run(`${join(root, PROGRAM)} --version`);
          expect(said).toBe(`conformance-pack-exporter ${version}\n`);
        } else {
          await run(here);
          const [source = '', target = ''] = here.split(' ').slice(-2);
          expect(target.startsWith(root)).toBe(true);
          expect(await readFile(target, 'utf8')).toBe(textOf(source));
        }
      }
    };
  }),
};
