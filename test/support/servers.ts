import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';

/** Programs that tests hold the exporter against, where the machine has them. */
export type Server =
  | 'amtool'
  | 'aws'
  | 'buildah'
  | 'cfn-guard'
  | 'cfn-lint'
  | 'chromium'
  | 'curl'
  | 'debootstrap'
  | 'gzip'
  | 'helm'
  | 'kubectl'
  | 'moto_server'
  | 'openssl'
  | 'prometheus'
  | 'prometheus-alertmanager'
  | 'promtool'
  | 'runc'
  | 'systemd-analyze'
  | 'terraform'
  | 'wget';

/** Names those that must not be missing, separated by commas. */
const REQUIRED = (process.env['REQUIRED_SERVERS'] ?? '').split(',');

/** Whether the tests of a server may not be skipped. */
export const isRequired = (server: Server): boolean => REQUIRED.includes(server);

export function isInstalled(server: Server): boolean {
  return pathOf(server) !== undefined;
}

/** Where a server is installed; `undefined` where it is not. */
export function pathOf(server: Server): string | undefined {
  try {
    const found = execFileSync('/bin/sh', ['-c', `command -v ${server}`], { encoding: 'utf8' });
    return found.trim();
  } catch {
    return undefined;
  }
}

/** `describe` for tests that need servers; without one of them they are skipped, and loudly. */
export function describeWith(
  ...servers: readonly Server[]
): typeof describe | typeof describe.skip {
  const missing = servers.filter((server) => !isInstalled(server));
  if (missing.length === 0) return describe;
  for (const server of missing) {
    if (isRequired(server)) throw new Error(`${server} is required and not installed`);
    skipped(`${server} is not installed`);
  }
  return describe.skip;
}

/** Says that tests are skipped, so that nobody takes silence for success. */
export function skipped(why: string): void {
  process.stderr.write(`\n*** SKIPPED: ${why}, so its tests prove nothing ***\n\n`);
}
