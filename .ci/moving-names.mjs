// The names that a version takes over from the one before, one a line, such as 1.2 and latest. Reads all tags of
// the repository:
//
//   git tag --list | node .ci/moving-names.mjs 1.2.3
//
// A version before a release, such as 1.3.0-rc.1, takes none; one that mends an older line takes that line's only,
// and none where the line itself has got further.
import { readFileSync } from 'node:fs';

const RELEASE = /^v?(\d+)\.(\d+)\.(\d+)$/;
const numbersOf = (name) => RELEASE.exec(name)?.slice(1).map(Number);
const isAfter = (one, other) => {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at >= 0 && one[at] > other[at];
};

const version = numbersOf(process.argv[2] ?? '');
if (version !== undefined) {
  const [major, minor] = version;
  const tags = readFileSync(0, 'utf8')
    .split('\n')
    .flatMap((tag) => {
      const numbers = numbersOf(tag.trim());
      return numbers === undefined ? [] : [numbers];
    });
  const newer = tags.filter((tag) => isAfter(tag, version));
  if (!newer.some((tag) => tag[0] === major && tag[1] === minor))
    process.stdout.write(`${major}.${minor}\n`);
  if (newer.length === 0) process.stdout.write('latest\n');
}
