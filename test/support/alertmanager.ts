import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { freePort } from './prometheus.js';

/** A real Alertmanager, for as long as the test takes. Resolves with its host and port. */
export async function startAlertmanager(config: string): Promise<string> {
  const storage = await mkdtemp(join(tmpdir(), 'alertmanager-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${storage}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exit = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
    await rm(storage, { recursive: true });
  });
  const lines: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    lines.push(line);
    if (/msg="Listening on"/.test(line)) {
      child.stderr.resume();
      return address;
    }
  }
  throw new Error(`Alertmanager ended:\n${lines.join('\n')}`);
}
