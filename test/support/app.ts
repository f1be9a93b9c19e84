import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createApp, type AppOptions } from '../../src/http/app.js';
import { listen, type Listener } from '../../src/http/server.js';
import type { StatusReader } from '../../src/status/status.js';

/** The web application over a socket, as long as the test lasts. */
export async function serving(
  status: StatusReader,
  more: Partial<Omit<AppOptions, 'status'>> = {},
): Promise<Listener> {
  const app = createApp({
    exposition: async function* (_format, encoding) {
      await Promise.resolve();
      yield encoding === 'gzip' ? gzipSync('metrics\n') : Buffer.from('metrics\n');
    },
    status,
    isReady: () => true,
    reload: () => Promise.resolve({ successful: true, message: 'Reloaded.\n' }),
    version: '1.2.3',
    telemetryPath: '/metrics',
    routePrefix: '/',
    linkPrefix: '',
    maxRequests: 0,
    logger: pino({ level: 'silent' }),
    ...more,
  });
  const listener = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listener.stop(0));
  return listener;
}
