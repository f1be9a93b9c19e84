// Makes the chart that is published out of the one that is developed, and prints its folder:
//
//   node .ci/chart.mjs ghcr.io/OWNER/REPOSITORY https://github.com/OWNER/REPOSITORY FOLDER
//
// It names the image that was published with it and where it comes from, and its page leads back there, since
// nothing lies around a chart that was pulled.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const [, , image, source, folder] = process.argv;
if (!image || !source || !folder) throw new Error('usage: chart.mjs IMAGE SOURCE FOLDER');

const NAME = 'conformance-pack-exporter';
const CHART = `deploy/helm/${NAME}`;
const made = join(folder, NAME);
cpSync(CHART, made, { recursive: true });

const change = (name, edit) => {
  const before = readFileSync(join(made, name), 'utf8');
  const after = edit(before);
  if (after === before) throw new Error(`${name} has nothing to change`);
  writeFileSync(join(made, name), after);
  return after;
};

const chart = change('Chart.yaml', (text) => `${text}home: ${source}\nsources:\n  - ${source}\n`);
const version = /^version: (\S+)$/m.exec(chart)?.[1];
change('values.yaml', (text) =>
  text.replace(
    /( +)# Where the image is\..*\n +repository: .*\n/,
    `$1# Where the image is.\n$1repository: ${image}\n`,
  ),
);
change('README.md', (text) =>
  text
    .replace(
      /\]\((\.\.\/[^)]+)\)/g,
      (_, path) => `](${source}/blob/v${version}/${posix.join(CHART, path)})`,
    )
    .replace(
      /(\| `image\.repository` +\| )`[^`]*` +\| [^|]+\|/,
      `$1\`"${image}"\` | Where the image is. |`,
    ),
);
process.stdout.write(`${made}\n`);
