import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createApp, type AppOptions } from '../../src/http/app.js';
import { listen, type Listener } from '../../src/http/server.js';
import type { Status } from '../../src/status/status.js';

/** The web application over a socket, as long as the test lasts. */
export async function serving(
  status: Status,
  more: Partial<Omit<AppOptions, 'status'>> = {},
): Promise<Listener> {
  const app = createApp({
    exposition: async function* () {
      await Promise.resolve();
      yield Buffer.from('metrics\n');
    },
    status,
    isReady: () => true,
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
