import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type Response,
  Router,
} from 'express';
import type { Logger } from '../log.js';
import type { Exposition } from '../metrics/exposition.js';
import type { Status } from '../status/status.js';
import { apiRoutes } from './api/routes.js';
import { assetRoutes, loadAssets } from './assets.js';
import { protectiveHeaders } from './headers.js';
import { maxRequests } from './max-requests.js';
import { metricsRoute } from './metrics-route.js';
import { pageRoutes } from './pages/routes.js';

export interface AppOptions {
  readonly exposition: Exposition;
  /** What the pages and the JSON show. */
  readonly status: Status;
  /** Whether every scope has been tried once and one has data. */
  readonly isReady: () => boolean;
  readonly version: string;
  /** Where the runbooks can be read; without it the pages lead to none. */
  readonly runbooksUrl?: string | undefined;
  /** Path of the metrics below the prefix, such as `/metrics`. */
  readonly telemetryPath: string;
  /** Prefix of all routes, `/` for none. */
  readonly routePrefix: string;
  /** Prefix of all links, where a proxy serves us below another path; without a slash at the end. */
  readonly linkPrefix: string;
  /** Scrapes answered at a time; 0 for no limit. */
  readonly maxRequests: number;
  readonly logger: Logger;
}

/** The web application, apart from any port it may listen on. */
export function createApp(options: AppOptions): Express {
  const { exposition, isReady, logger, status, telemetryPath } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const router = Router();
  router.get(telemetryPath, maxRequests(options.maxRequests), metricsRoute(exposition, logger));
  router.get('/-/healthy', (_request, response) => plain(response, 200, 'Healthy.'));
  router.get('/-/ready', (_request, response) =>
    isReady()
      ? plain(response, 200, 'Ready.')
      : plain(response, 503, 'Not ready: no scope could be read yet, or some have not been tried.'),
  );
  const assets = loadAssets();
  router.use(protectiveHeaders, assetRoutes(assets));
  router.use('/api/v1', apiRoutes(status, logger));
  router.use(pageRoutes(status, { ...options, assets }));
  app.use(options.routePrefix, router);
  app.use((_request: Request, response: Response) => plain(response, 404, 'Not found.'));
  app.use(errorHandler(logger));
  return app;
}

/** Answers a request that could not be understood, or that met a defect, without a stack trace. */
function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = (error as { status?: number }).status ?? 500;
    if (status >= 500) logger.error({ event: 'request_failed', err: error }, 'Could not answer');
    if (response.headersSent) next(error);
    else plain(response, status, status >= 500 ? 'Internal error.' : 'Bad request.');
  };
}

function plain(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(`${text}\n`);
}
