import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type Response,
  Router,
} from 'express';
import type { Logger } from '../log.js';
import type { Exposition } from '../metrics/exposition.js';
import { SECTIONS } from '../paths.js';
import type { StatusReader } from '../status/status.js';
import { apiRoutes } from './api/routes.js';
import { assetRoutes, loadAssets } from './assets.js';
import type { Guard } from './guard.js';
import { cautious, neverStored } from './headers.js';
import { maxRequests } from './max-requests.js';
import { metricsRoute } from './metrics-route.js';
import { pageRoutes } from './pages/routes.js';
import { plain } from './plain.js';
import { createTurns } from './turns.js';

export interface AppOptions {
  readonly exposition: Exposition;
  /** What the pages and the JSON show. */
  readonly status: StatusReader;
  /** Whether every scope has been tried once and one has data. */
  readonly isReady: () => boolean;
  /** Reads the configuration anew. Never rejects. */
  readonly reload: () => Promise<{ readonly successful: boolean; readonly message: string }>;
  readonly version: string;
  /** Where the runbooks can be read; without it the pages lead to none. */
  readonly runbooksUrl?: string | undefined;
  /** Path of the metrics below the prefix, such as `/metrics`. */
  readonly telemetryPath: string;
  /** Prefix of all routes, `/` for none. */
  readonly routePrefix: string;
  /** Prefix of all links, where a proxy serves us below another path; without a slash at the end. */
  readonly linkPrefix: string;
  /** Scrapes answered at a time, and as many requests of pages and JSON; 0 for no limit. */
  readonly maxRequests: number;
  /** What requests have to pass; nothing without one. */
  readonly guard?: Guard | undefined;
  /** Whether health and readiness are told without user and password. */
  readonly healthWithoutAuth?: boolean;
  readonly logger: Logger;
}

/** The web application, apart from any port it may listen on. */
export function createApp(options: AppOptions): Express {
  const { exposition, isReady, logger, status, telemetryPath } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const router = Router();
  const turns = createTurns();
  router.get(
    telemetryPath,
    maxRequests(options.maxRequests),
    metricsRoute(exposition, turns, logger),
  );
  const health = Router();
  health.get(`${SECTIONS.operations}/healthy`, (_request, response) =>
    plain(response, 200, 'Healthy.'),
  );
  health.get(`${SECTIONS.operations}/ready`, (_request, response) =>
    isReady()
      ? plain(response, 200, 'Ready.')
      : plain(response, 503, 'Not ready: no scope could be read yet, or some have not been tried.'),
  );
  router
    .route(`${SECTIONS.operations}/reload`)
    .post(async (_request, response) => {
      const { message, successful } = await options.reload();
      response
        .status(successful ? 200 : 500)
        .type('text/plain')
        .send(message);
    })
    .all((_request, response) => {
      response.set('Allow', 'POST');
      plain(response, 405, 'Only POST reloads.');
    });
  const assets = loadAssets();
  router.use(neverStored, assetRoutes(assets));
  // Apart from the scrapes: whoever reads pages costs Prometheus no sample.
  router.use(maxRequests(options.maxRequests));
  const { inTurn } = turns;
  router.use(`${SECTIONS.api}/v1`, apiRoutes(status, inTurn, logger));
  router.use(pageRoutes(status, inTurn, { ...options, assets }));
  app.use(cautious);
  if (options.guard) app.use(options.guard.admit);
  if (options.healthWithoutAuth) app.use(options.routePrefix, health);
  if (options.guard) app.use(options.guard.authenticate);
  app.use(options.routePrefix, health, router);
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
