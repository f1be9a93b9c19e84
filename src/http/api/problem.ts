import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { QueryProblem } from '../query.js';

/** Answers with a problem as RFC 9457 describes it. `detail` is a sentence. */
export function sendProblem(
  response: Response,
  status: number,
  detail: string,
  problems?: readonly QueryProblem[],
): void {
  const title = STATUS_CODES[status] ?? 'Error';
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail, problems }));
}
