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
  takes: /npm run/,
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

/** The commands that come to an end, each on an AWS of its own, in the checkout that is built already. */
export const readmeDemo: Stage = {
  pages: /^README\.md$/,
  takes: /^node dist\/main\.js/,
  describe: stageWith([], async () => {
    const { run } = await openShell(pathOf('.'));
    return async (commands) => {
      const told = await run(commands);
      expect(told).toMatch(/^ {2}✓ accounts of a pack /m);
      expect(told).toMatch(/^One exporter is enough for /m);
      expect(told).toMatch(/^default +us-east-1 +Security-Baseline +\w+/m);
      expect(told).toMatch(/^aws_config_org_conformance_pack_rollout\{/m);
    };
  }),
};
