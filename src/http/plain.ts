import type { Response } from 'express';

/** Answers with one line of text. */
export function plain(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(`${text}\n`);
}
