// Holds a tag against everything that names the version, and prints what has changed in it, for people:
//
//   node .ci/release.mjs v1.2.3
//
// Exits with 1 and everything that does not agree.
import { readdirSync, readFileSync } from 'node:fs';

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

// Manifests and pages, whose readers copy what they say: tags of images, of Git, and what is installed by version.
const isCopied = (file) =>
  file === 'README.md' || /^(?:docs|deploy)\/.*(?:\.md|kustomization\.yaml)$/.test(file);
const BEFORE = String.raw`newTag: |(?:conformance-pack-exporter|REPOSITORY|chart)[:@-]|refs/tags/v|VERSION=|--version[ =]`;
const TAG = new RegExp(
  String.raw`(?:${BEFORE})['"]?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]*[0-9A-Za-z])?)`,
  'g',
);
const files = ['docs', 'deploy'].flatMap((folder) =>
  readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`),
);
for (const file of ['README.md', ...files.sort()].filter(isCopied)) {
  const others = [...read(file).matchAll(TAG)]
    .map(([, name]) => name)
    .filter((name) => name !== version);
  for (const name of new Set(others)) problems.push(`${file} has ${name}, not ${version}`);
}

const [, ...sections] = read('CHANGELOG.md').split(/^## /m);
const unreleased = sections.find((text) => text.startsWith('[Unreleased]')) ?? '';
if (unreleased.split('\n').slice(1).join('').trim() !== '') {
  problems.push('CHANGELOG.md has something under [Unreleased] still');
}
const section = sections.find((text) => text.startsWith(`[${version}] - `));
if (!section?.match(/^\[.+\] - \d{4}-\d{2}-\d{2}\n/)) {
  problems.push(`CHANGELOG.md has no section of ${version} with a date`);
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write(`${section.split('\n').slice(1).join('\n').trim()}\n`);
