import { pipeline } from 'node:stream/promises';
import type { RequestHandler } from 'express';
import type { Logger } from '../log.js';
import type { Exposition } from '../metrics/exposition.js';
import { CONTENT_TYPES, negotiateFormat } from '../metrics/format.js';
import { isDisconnect } from './disconnect.js';
import type { Turns } from './turns.js';

/**
 * Serves the exposition, in the format and encoding that the client asks for. Pages and JSON, which
 * take their turns, give way to it.
 */
export function metricsRoute(
  exposition: Exposition,
  { giveWay }: Turns,
  logger: Logger,
): RequestHandler {
  return async (request, response) => {
    const format = negotiateFormat(request.get('accept'));
    response.set({ 'Content-Type': CONTENT_TYPES[format], Vary: 'Accept, Accept-Encoding' });
    const encoding = request.acceptsEncodings('gzip', 'identity') === 'gzip' ? 'gzip' : 'identity';
    if (encoding === 'gzip') response.set('Content-Encoding', encoding);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const scrape = pipeline(exposition(format, encoding), response);
    giveWay(scrape);
    try {
      await scrape;
    } catch (error) {
      // The pipeline has cut the connection, so that nobody takes half an exposition for a whole.
      if (isDisconnect(error)) logger.debug({ event: 'scrape_aborted' }, 'The client went away');
      else logger.error({ event: 'scrape_failed', err: error }, 'Could not render the metrics');
    }
  };
}
