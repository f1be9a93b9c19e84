import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../files.js';
import { DEPLOYED } from '../rules.js';
import { openShell } from '../shell.js';
import { stageWith, type Stage } from './stage.js';

const INSTALLED = '/etc/prometheus';

/** The rules as they are checked and installed, from the folder in which they are. */
export const prometheusRules: Stage = {
  pages: /^deploy\/prometheus\/README\.md$/,
  describe: stageWith(['promtool'], async () => {
    const folder = await temporaryFolder();
    const here = join(folder, 'prometheus');
    const installed = join(folder, 'etc');
    await cp(DEPLOYED, here, { recursive: true });
    await mkdir(installed);
    const { run } = await openShell(here);
    return async (commands) => {
      const said = await run(commands.replaceAll(INSTALLED, installed));
      if (commands.includes('promtool')) {
        expect(said).toContain('SUCCESS');
        return;
      }
      const names = await readdir(join(installed, 'rules'));
      expect(names).toEqual(await readdir(join(here, 'rules')));
      for (const name of names) {
        const text = await readFile(join(installed, 'rules', name), 'utf8');
        expect(text).toContain('runbook_url: https://git.example.com/config-packs/docs/runbooks/');
        expect(text).toContain('dashboard_url: https://grafana.example.com/monitoring/d/');
        expect(text).not.toContain('https://runbooks.example.com');
      }
    };
  }),
};
