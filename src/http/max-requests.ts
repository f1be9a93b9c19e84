import type { RequestHandler } from 'express';

/**
 * Refuses a request with 503 while `limit` others are being answered; 0 for no limit. A refused
 * scrape is one gap in the graph; a server that takes on everything loses them all.
 */
export function maxRequests(limit: number): RequestHandler {
  let inFlight = 0;
  return (_request, response, next) => {
    if (limit > 0 && inFlight >= limit) {
      response
        .status(503)
        .set('Retry-After', '1')
        .type('text/plain')
        .send(`Limit of concurrent requests reached (${limit}), try again later.\n`);
      return;
    }
    inFlight++;
    response.once('close', () => inFlight--);
    next();
  };
}
