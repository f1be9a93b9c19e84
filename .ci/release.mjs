// Holds a tag against everything that names the version, and prints what has changed in it, for people:
//
//   node .ci/release.mjs v1.2.3
//
// Exits with 1 and everything that does not agree.
import { readFileSync } from 'node:fs';

const version = process.argv[2]?.replace(/^v/, '') ?? '';
const read = (file) => readFileSync(file, 'utf8');
const chart = read('deploy/helm/conformance-pack-exporter/Chart.yaml');
const valueIn = (text, key) => new RegExp(`^${key}: *['"]?([^'"\\n]+)`, 'm').exec(text)?.[1];

const named = {
  'package.json': JSON.parse(read('package.json')).version,
  'package-lock.json': JSON.parse(read('package-lock.json')).version,
  'the version in Chart.yaml': valueIn(chart, 'version'),
  'the appVersion in Chart.yaml': valueIn(chart, 'appVersion'),
};
const problems = Object.entries(named)
  .filter(([, name]) => name !== version)
  .map(([where, name]) => `${where} is ${name}, not ${version}`);

const [, ...sections] = read('CHANGELOG.md').split(/^## /m);
const section = sections.find((text) => text.startsWith(`[${version}] - `));
if (!section?.match(/^\[.+\] - \d{4}-\d{2}-\d{2}\n/)) {
  problems.push(`CHANGELOG.md has no section of ${version} with a date`);
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write(`${section.split('\n').slice(1).join('\n').trim()}\n`);
