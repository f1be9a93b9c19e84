import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Logger } from '../log.js';
import { refusalOf } from './client-certificate.js';
import type { ClientPolicy, TlsSettings } from './web-settings.js';

/** A client that does not finish the handshake is cut off, so that it holds no socket. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** For whoever forgets the s in https. */
const PLAIN_REFUSAL = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: text/plain; charset=utf-8',
  'Connection: close',
  '',
  'This port speaks HTTPS, and the request was sent by HTTP.\n',
].join('\r\n');

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
  const connectionOf = connectionsOf(server);
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const what = { event: 'handshake_failed', client: socket.remoteAddress, error: error.message };
    logger.debug(what, 'The TLS handshake failed');
    // TLS has given up by now; what lies below can still be written to.
    if (error.code === 'ERR_SSL_HTTP_REQUEST') connectionOf(socket)?.end(PLAIN_REFUSAL);
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

/** Finds the connection below one that speaks TLS; they have the same peer. */
function connectionsOf(server: Server): (secured: Socket) => Socket | undefined {
  const peerOf = ({ remoteAddress, remotePort }: Socket) =>
    `${remoteAddress ?? ''} ${remotePort ?? ''}`;
  const connections = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    connections.set(peer, socket);
    socket.once('close', () => connections.delete(peer));
  });
  return (secured) => connections.get(peerOf(secured));
}

/**
 * What OpenSSL sees to itself; the rest is for {@link refusalOf}. Where every client has to be verified,
 * it says so within the handshake, and the client learns why.
 */
function verification({ asked, required, verified }: ClientPolicy) {
  return { requestCert: asked, rejectUnauthorized: required && verified };
}
