import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Logger } from '../log.js';
import { createSecureServer } from './secure-server.js';
import type { TlsSettings } from './web-settings.js';

/** Where to listen; without a host on all addresses. */
export interface ListenAddress {
  readonly host?: string | undefined;
  /** 0 for a free one. */
  readonly port: number;
}

/** A client that does not finish its headers or its request is cut off, so that it holds no socket. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A client that neither reads nor writes for this long is gone, whatever its kernel says. */
const IDLE_TIMEOUT_MS = 60_000;

/** A server that listens. */
export interface Listener {
  /** Such as `http://127.0.0.1:10117`; where it listens on all addresses, that of this machine. */
  readonly url: string;
  /** Speaks TLS by other settings from now on; a server of plain HTTP keeps to that. */
  secure(tls: TlsSettings): void;
  /** Takes no new connection, lets requests in flight end for `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** For a server that speaks TLS. */
export interface TlsOptions {
  readonly tls: TlsSettings;
  readonly logger: Logger;
}

/** An address that cannot be had. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Listens. Rejects with a {@link ListenError} where the address cannot be had. */
export async function listen(
  app: RequestListener,
  address: ListenAddress,
  secured?: TlsOptions,
): Promise<Listener> {
  const options = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
  const secure = secured && createSecureServer(app, options, secured.tls, secured.logger);
  const server = secure?.server ?? createServer(options, app);
  server.setTimeout(IDLE_TIMEOUT_MS);
  const sockets = socketsOf(server);
  server.listen({ port: address.port, host: address.host });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(refusal(address, error as NodeJS.ErrnoException), { cause: error });
  }
  const scheme = secure === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://${authorityOf(server.address() as AddressInfo, address)}`,
    secure: (tls) => secure?.secure(tls),
    stop: (graceMs) => stop(server, sockets, graceMs),
  };
}

const FIXES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already; choose another address with --web.listen-address',
  EACCES: 'ports below 1024 need a privilege; choose a higher one with --web.listen-address',
};

function refusal({ host = '', port }: ListenAddress, { code, message }: NodeJS.ErrnoException) {
  return `cannot listen on ${host}:${port}: ${FIXES[code ?? ''] ?? message}`;
}

function authorityOf({ address, family, port }: AddressInfo, asked: ListenAddress): string {
  const host = asked.host === undefined ? 'localhost' : address;
  return `${family === 'IPv6' && host === address ? `[${address}]` : host}:${port}`;
}

/** The connections that are open now; those in the middle of a handshake, too, which HTTP overlooks. */
function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function stop(server: Server, sockets: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(timer);
}
