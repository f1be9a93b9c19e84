import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/files.js';
import { CHART, helm } from '../../support/helm.js';
import { parseObjects } from '../../support/kubernetes.js';
import { exporterOf } from '../../support/release.js';
import { pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const IMAGE = 'ghcr.io/example/exporter';
const SOURCE = 'https://github.com/example/exporter';

const { version } = JSON.parse(textOf('package.json')) as { version: string };

/** The folder of the chart as it is published; `cwd` is what it is made from. */
async function publishable(cwd = pathOf('.')): Promise<string> {
  const args = [pathOf('.ci/chart.mjs'), IMAGE, SOURCE, await temporaryFolder()];
  return (await execute(process.execPath, args, { cwd })).stdout.trim();
}

describeWith('helm')('the chart that is published', () => {
  it('installs the image that is published with it', async () => {
    const folder = await temporaryFolder();
    const chart = await publishable();
    await helm('lint', '--strict', chart);
    await helm('package', chart, '--destination', folder);
    const archive = join(folder, `conformance-pack-exporter-${version}.tgz`);
    const objects = parseObjects(await helm('template', 'exporter', archive));
    expect(exporterOf(objects).container.image).toBe(`${IMAGE}:${version}`);
    const about = await helm('show', 'chart', archive);
    expect(about).toContain(`home: ${SOURCE}\n`);
    expect(about).toContain(`sources:\n- ${SOURCE}\n`);
  });
});

it('leads from its page to where it comes from, and nowhere out of itself', async () => {
  const page = await readFile(join(await publishable(), 'README.md'), 'utf8');
  expect(page).toContain(`](${SOURCE}/blob/v${version}/docs/kubernetes.md)`);
  expect(page).toContain(`\`"${IMAGE}"\``);
  expect(page).not.toContain('](../');
});

it('is not made of a chart whose image has another place', async () => {
  const folder = await temporaryFolder();
  await cp(pathOf(CHART), join(folder, CHART), { recursive: true });
  await writeFile(join(folder, CHART, 'values.yaml'), 'image: {}\n');
  await expect(publishable(folder)).rejects.toThrow('values.yaml has nothing to change');
});
