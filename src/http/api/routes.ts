import { fileURLToPath } from 'node:url';
import { Router, type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import type { Logger } from '../../log.js';
import { pageOf } from '../../status/page.js';
import type { Status, StatusReader } from '../../status/status.js';
import { isDisconnect } from '../disconnect.js';
import { ACCOUNTS, NOTHING, PACK_ACCOUNT_SELECTION, PACK_ACCOUNTS, PACKS } from '../queries.js';
import { parseQuery, type Parameters, type QueryOf } from '../query.js';
import { ACCOUNT_ROUTE, accountIdOf, PACK_ROUTE, packKeyOf, queryOf } from '../request.js';
import type { Asked } from '../request.js';
import type { InTurn } from '../turns.js';
import { DOWNLOAD_FORMATS, sendDownload } from './download.js';
import { sendProblem } from './problem.js';

/** As deep below the root of the package where this file stands and where it is built to. */
const DESCRIPTION = fileURLToPath(new URL('../../../docs/openapi.yaml', import.meta.url));

/** The same that the pages show, as JSON. `docs/openapi.yaml` describes it. */
export function apiRoutes(read: StatusReader, inTurn: InTurn, logger: Logger): Router {
  const router = Router();
  const answering = answeringOf(read, inTurn);
  router.use(readOnly);
  router.get(
    '/status',
    answering(NOTHING, async (status) => ({
      ...(await status.overview()),
      packs: status.allPacks(),
    })),
  );
  router.get(
    '/packs',
    answering(PACKS, (status, query) => status.packs(query)),
  );
  router.get(
    PACK_ROUTE,
    answering(NOTHING, (status, _query, asked) => status.pack(packKeyOf(asked))),
  );
  router.get(
    `${PACK_ROUTE}/accounts`,
    answering(PACK_ACCOUNTS, (status, query, asked) => {
      const selected = status.packAccounts(packKeyOf(asked), query);
      return selected && pageOf(selected.numbers, query, selected.accountAt);
    }),
  );
  for (const format of DOWNLOAD_FORMATS) {
    router.get(`${PACK_ROUTE}/accounts.${format.extension}`, async (request, response) => {
      const query = readQuery(PACK_ACCOUNT_SELECTION, request, response);
      if (query === undefined) return;
      const key = packKeyOf(request);
      const selected = await inTurn(async () => (await read()).packAccounts(key, query));
      if (selected === undefined) {
        notFound(response);
        return;
      }
      await sendDownload(response, { format, key, selected, inTurn }).catch((error: unknown) => {
        if (!isDisconnect(error)) throw error;
      });
    });
  }
  router.get(
    '/accounts',
    answering(ACCOUNTS, (status, query) => status.accounts(query)),
  );
  router.get(
    ACCOUNT_ROUTE,
    answering(NOTHING, (status, _query, asked) => status.account(accountIdOf(asked))),
  );
  router.get('/openapi.yaml', (_request, response) => {
    response.type('application/yaml').sendFile(DESCRIPTION, { cacheControl: false });
  });
  router.use((_request, response) => notFound(response));
  router.use(errorHandler(logger));
  return router;
}

type DocumentFor<Table extends Parameters> = (
  status: Status,
  query: QueryOf<Table>,
  asked: Asked,
) => object | undefined | Promise<object>;

/** Answers with a document, or that there is none where it is `undefined`. */
function answeringOf(read: StatusReader, inTurn: InTurn) {
  return <Table extends Parameters>(
      table: Table,
      documentFor: DocumentFor<Table>,
    ): RequestHandler =>
    async (request, response) => {
      const query = readQuery(table, request, response);
      if (query === undefined) return;
      const document = await inTurn(async () => {
        // Whoever has gone away while waiting needs no answer.
        if (response.destroyed) return undefined;
        const told = await documentFor(await read(), query, request);
        return told && JSON.stringify(told);
      });
      if (document === undefined) notFound(response);
      else response.type('application/json').send(document);
    };
}

/** The query; `undefined` where it is wrong and that has been answered. */
function readQuery<Table extends Parameters>(
  table: Table,
  asked: Asked,
  response: Response,
): QueryOf<Table> | undefined {
  const parsed = parseQuery(table, queryOf(asked));
  if ('query' in parsed) return parsed.query;
  const { problems } = parsed;
  const told = problems.map(({ message, parameter }) => `${parameter} ${message}`).join('; ');
  sendProblem(response, 400, `The query is wrong: ${told}.`, problems);
  return undefined;
}

function notFound(response: Response): void {
  sendProblem(response, 404, 'There is nothing here, or it is not known yet.');
}

const METHODS = ['GET', 'HEAD'];

const readOnly: RequestHandler = (request, response, next) => {
  if (METHODS.includes(request.method)) {
    next();
    return;
  }
  response.set('Allow', METHODS.join(', '));
  sendProblem(response, 405, 'All of this can be read only.');
};

function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = (error as { status?: number }).status ?? 500;
    if (status >= 500) logger.error({ event: 'request_failed', err: error }, 'Could not answer');
    if (response.headersSent) next(error);
    else if (status === 404) notFound(response);
    else if (status < 500) sendProblem(response, status, 'The request could not be understood.');
    else sendProblem(response, status, 'This is a defect of the exporter; its log has more.');
  };
}
