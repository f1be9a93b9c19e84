import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';

/** Programs that tests hold the exporter against, where the machine has them. */
type Server = 'prometheus' | 'promtool' | 'moto_server' | 'chromium';

/** Names those that must not be missing, separated by commas. */
const REQUIRED = (process.env['REQUIRED_SERVERS'] ?? '').split(',');

/** Where a server is installed; `undefined` where it is not. */
export function pathOf(server: Server): string | undefined {
  try {
    const found = execFileSync('/bin/sh', ['-c', `command -v ${server}`], { encoding: 'utf8' });
    return found.trim();
  } catch {
    return undefined;
  }
}

/** `describe` for tests that need a server; without it they are skipped, and loudly. */
export function describeWith(server: Server): typeof describe | typeof describe.skip {
  if (pathOf(server) !== undefined) return describe;
  if (REQUIRED.includes(server)) throw new Error(`${server} is required and not installed`);
  process.stderr.write(
    `\n*** SKIPPED: ${server} is not installed, so its tests prove nothing ***\n\n`,
  );
  return describe.skip;
}
