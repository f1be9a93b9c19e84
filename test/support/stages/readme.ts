import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../files.js';
import { startSimulate } from '../program.js';
import { pathOf } from '../repository.js';
import { openShell, REGISTRY } from '../shell.js';
import { stageWith, type Stage } from './stage.js';

const NOT_CHECKED_OUT = ['.git', 'dist', 'node_modules'];

/** The demo and the exporter of the README, from a checkout in which nothing has been installed or built. */
export const readme: Stage = {
  pages: /^README\.md$/,
  describe: stageWith([], async () => {
    const checkout = join(await temporaryFolder(), 'conformance-pack-exporter');
    await cp(pathOf('.'), checkout, {
      recursive: true,
      filter: (source) => !NOT_CHECKED_OUT.includes(basename(source)),
    });
    const simulated = await startSimulate(['--scenario=healthy']);
    const { start } = await openShell(checkout, { ...simulated, ...REGISTRY });
    return async (commands) => {
      const url = await start(commands, 2);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      for (const region of ['eu-west-1', 'us-east-1']) {
        expect(metrics).toMatch(
          new RegExp(`^aws_config_org_conformance_pack_rollout\\{.*"${region}"`, 'm'),
        );
      }
    };
  }),
};
