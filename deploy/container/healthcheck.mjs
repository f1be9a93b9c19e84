// Asks the exporter beside it whether it lives, since there is neither a shell nor curl in the image:
//
//   node healthcheck.mjs [URL]
//
// Exits with 0 if so, and otherwise with 1. It need not know the web configuration: it goes on to TLS where
// plain HTTP is not spoken, and it has no certificate and no password to show.
import { get as getByHttp } from 'node:http';
import { get as getByHttps } from 'node:https';

const [, , address = 'http://127.0.0.1:10117/-/healthy'] = process.argv;

// Only a process that lives asks for a password or for patience.
const STATUSES_OF_LIFE = new Set([200, 401, 429]);

/** Resolves with whether a living exporter speaks this protocol at the address. */
function lives(get, protocol) {
  const url = new URL(address);
  url.protocol = protocol;
  return new Promise((resolve) => {
    // Who it is need not be proved on the way to oneself.
    const request = get(url, { rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(STATUSES_OF_LIFE.has(response.statusCode));
    });
    let secure = false;
    request.once('socket', (socket) => socket.once('secureConnect', () => (secure = true)));
    // Only a process that lives shakes hands, or refuses to for want of a certificate.
    request.once('error', ({ message }) => resolve(secure || /alert/.test(message)));
  });
}

const alive = (await lives(getByHttp, 'http:')) || (await lives(getByHttps, 'https:'));
process.exit(alive ? 0 : 1);
