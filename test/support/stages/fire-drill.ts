import { access, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../files.js';
import { pathOf } from '../repository.js';
import { openShell } from '../shell.js';
import { stageWith, type Stage } from './stage.js';

const URL = 'http://localhost:10117';
const DRILL = '/tmp/drill';

/** What the fire drill prepares and spoils, in a folder beside a checkout. */
export const fireDrill: Stage = {
  pages: /^docs\/fire-drill\.md$/,
  describe: stageWith(['curl', 'openssl', 'promtool'], async () => {
    const folder = await temporaryFolder();
    await symlink(pathOf('deploy'), join(folder, 'deploy'));
    const { run, start } = await openShell(folder, { AWS_REGION: 'eu-west-1' });
    const inFolder = (name: string) => readFile(join(folder, name), 'utf8');
    return async (commands) => {
      if (commands.includes('rehearse.sh')) {
        await run(commands.replaceAll(DRILL, join(folder, 'drill')));
        expect(await inFolder('drill/rules/packs.yml')).toContain('for: 10s');
        await access(join(folder, 'drill/alertmanager.yml'));
        const checked = await run('promtool check config drill/prometheus.yml');
        expect(checked).toContain('is valid prometheus config file syntax');
      } else if (commands.includes(URL)) {
        const url = await start(
          'exec conformance-pack-exporter --demo healthy --config.file=drill.yaml --web.config.file=web.yaml',
          2,
        );
        expect(await run(commands.replaceAll(URL, url))).toContain('nonsense');
        expect(await inFolder('web.yaml')).toBe('nonsense: true\n');
      } else {
        await run(commands);
        for (const web of ['web.yaml', 'tls.yaml']) {
          const flags = `--config.check --config.file=drill.yaml --web.config.file=${web}`;
          const said = await run(`conformance-pack-exporter ${flags}`);
          expect(said).toBe('The configuration is valid.\n');
        }
      }
    };
  }),
};
