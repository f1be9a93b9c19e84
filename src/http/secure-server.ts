import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Logger } from '../log.js';
import { refusalOf } from './client-certificate.js';
import type { ClientPolicy, TlsSettings } from './web-settings.js';

/** A client that does not finish the handshake is cut off, so that it holds no socket. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

export interface SecureServer {
  readonly server: Server;
  /** Shakes hands by other settings from now on. Connections that are open stay as they are. */
  secure(tls: TlsSettings): void;
}

/** An HTTPS server that does not listen yet. It speaks HTTP/1.1. */
export function createSecureServer(
  app: RequestListener,
  options: ServerOptions,
  initial: TlsSettings,
  logger: Logger,
): SecureServer {
  let tls = initial;
  const server = createServer(
    {
      ...options,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ...tls.context,
      ...verification(tls.clients),
    },
    app,
  );
  // Before HTTP gets hold of the connection.
  server.prependListener('secureConnection', (socket) => {
    const why = refusalOf(socket, tls.clients);
    if (why === undefined) return;
    logger.debug({ event: 'client_refused', client: socket.remoteAddress }, `Refused: ${why}`);
    socket.destroy();
  });
  server.on('tlsClientError', ({ message }, { remoteAddress }) => {
    const what = { event: 'handshake_failed', client: remoteAddress, error: message };
    logger.debug(what, 'The TLS handshake failed');
  });
  return {
    server,
    secure(next) {
      tls = next;
      // A new context has new keys for session tickets, so no session outlives what it was made by.
      server.setSecureContext(next.context);
      // Node.js looks these up at each connection, and has no function to change them.
      Object.assign(server, verification(next.clients));
    },
  };
}

/**
 * What OpenSSL sees to itself; the rest is for {@link refusalOf}. Where every client has to be verified,
 * it says so within the handshake, and the client learns why.
 */
function verification({ asked, required, verified }: ClientPolicy) {
  return { requestCert: asked, rejectUnauthorized: required && verified };
}
