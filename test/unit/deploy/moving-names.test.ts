import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { pathOf } from '../../support/repository.js';

const execute = promisify(execFile);

it.each([
  ['v1.2.3', ['v1.2.3'], '1.2 latest', 'the first of all'],
  ['v1.2.3', ['v1.2.2', 'v1.2.3'], '1.2 latest', 'the newest of all'],
  [
    'v1.10.0',
    ['v1.9.0', 'v1.10.0', 'v1.2.11'],
    '1.10 latest',
    'the newest by number, not by letter',
  ],
  ['v1.2.3', ['v1.2.3', 'v1.3.0'], '1.2', 'a patch of an older line'],
  ['v1.2.3', ['v1.2.3', 'v1.2.4', 'v2.0.0'], '', 'one that its own line has left behind'],
  ['v1.2.3', ['v1.2.3', 'v1.3.0-rc.1', 'w9.9.9'], '1.2 latest', 'newer than what is no release'],
  ['v1.3.0-rc.1', ['v1.2.3', 'v1.3.0-rc.1'], '', 'no release'],
])('%s among %j takes "%s": %s', async (version, tags, names) => {
  const running = execute(process.execPath, [pathOf('.ci/moving-names.mjs'), version]);
  running.child.stdin?.end(`${tags.join('\n')}\n`);
  expect((await running).stdout.trim().split('\n').join(' ')).toBe(names);
});
