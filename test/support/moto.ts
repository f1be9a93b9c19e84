import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Environment } from './program.js';
import { freePort } from './prometheus.js';

/** A running moto: an AWS that others have written. */
export interface Moto {
  readonly url: string;
  /** What leads a client to it. */
  readonly environment: Environment;
  readonly stop: () => Promise<void>;
}

const CLIENT = {
  PATH: process.env['PATH'] ?? '',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_PAGER: '',
};

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'close');
  const stop = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  for await (const line of createInterface(child.stderr)) {
    if (line.includes('Running on')) {
      child.stderr.resume();
      const url = `http://127.0.0.1:${port}`;
      return { url, environment: { ...CLIENT, AWS_ENDPOINT_URL: url }, stop };
    }
  }
  throw new Error('moto_server ended');
}
