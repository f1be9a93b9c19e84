import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { RequestHandler } from 'express';
import type { Logger } from '../log.js';
import type { Exposition } from '../metrics/exposition.js';
import { CONTENT_TYPES, negotiateFormat } from '../metrics/format.js';
import { isDisconnect } from './disconnect.js';

/** The text repeats itself so much that the fastest level leaves little for the others to gain. */
const GZIP = { level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 };

/** Serves the exposition, in the format and encoding that the client asks for. */
export function metricsRoute(exposition: Exposition, logger: Logger): RequestHandler {
  return async (request, response) => {
    const format = negotiateFormat(request.get('accept'));
    response.set({ 'Content-Type': CONTENT_TYPES[format], Vary: 'Accept, Accept-Encoding' });
    const gzip = request.acceptsEncodings('gzip', 'identity') === 'gzip';
    if (gzip) response.set('Content-Encoding', 'gzip');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const chunks = exposition(format);
    try {
      await (gzip ? pipeline(chunks, createGzip(GZIP), response) : pipeline(chunks, response));
    } catch (error) {
      // The pipeline has cut the connection, so that nobody takes half an exposition for a whole.
      if (isDisconnect(error)) logger.debug({ event: 'scrape_aborted' }, 'The client went away');
      else logger.error({ event: 'scrape_failed', err: error }, 'Could not render the metrics');
    }
  };
}
