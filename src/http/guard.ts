import type { RequestHandler } from 'express';
import type { Clock } from '../clock.js';
import { compare } from './bcrypt.js';
import { credentialsIn, passwordCheck } from './password-check.js';
import { plain } from './plain.js';
import { tokenBucket } from './token-bucket.js';
import type { WebSettings } from './web-settings.js';

/** What a request has to pass. */
export interface Guard {
  /** For every request: headers of the response, and the rate limit. */
  readonly admit: RequestHandler;
  /** For those that need a user and a password, where there are users. */
  readonly authenticate: RequestHandler;
}

const CHALLENGE = 'Basic realm="conformance-pack-exporter", charset="UTF-8"';

/** Guards by the settings that are current when the request comes. */
export function createGuard(current: () => WebSettings, clock: Clock): Guard {
  const check = passwordCheck(compare);
  const mayPass = tokenBucket(clock);
  return {
    admit: (_request, response, next) => {
      const { headers, rateLimit } = current();
      response.set(headers);
      if (rateLimit === undefined || mayPass(rateLimit)) {
        next();
        return;
      }
      response.set('Retry-After', String(Math.ceil(rateLimit.intervalMs / 1000)));
      plain(response, 429, 'Too many requests, try again later.');
    },
    authenticate: async (request, response, next) => {
      const { users } = current();
      if (users.size === 0) {
        next();
        return;
      }
      const credentials = credentialsIn(request.get('authorization'));
      const verdict = credentials === undefined ? 'wrong' : await check(users, credentials);
      switch (verdict) {
        case 'right':
          next();
          return;
        case 'wrong':
          response.set('WWW-Authenticate', CHALLENGE);
          plain(response, 401, 'Unauthorized.');
          return;
        case 'busy':
          response.set('Retry-After', '1');
          plain(response, 503, 'Too many passwords to check, try again later.');
      }
    },
  };
}
