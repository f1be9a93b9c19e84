import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { DASHBOARDS } from './dashboards.js';

/**
 * Makes the dashboards that are there to be imported. With `--check` it writes nothing and fails
 * where a file is not what the code makes of it.
 */

const checking = process.argv.includes('--check');
for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  const path = fileURLToPath(new URL(`dashboards/${name}.json`, import.meta.url));
  const options = await resolveConfig(path);
  const made = await format(JSON.stringify(dashboard), { ...options, filepath: path });
  if (!checking) await writeFile(path, made);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== made) {
    process.stderr.write(
      `grafana/dashboards/${name}.json is not what the code makes of it; run npm run dashboards\n`,
    );
    process.exitCode = 1;
  }
}
