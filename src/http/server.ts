import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  /** Takes no new connection, lets requests in flight end for `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** An address that cannot be had. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Listens. Rejects with a {@link ListenError} where the address cannot be had. */
export async function listen(app: RequestListener, address: ListenAddress): Promise<Listener> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    app,
  );
  server.setTimeout(IDLE_TIMEOUT_MS);
  server.listen({ port: address.port, host: address.host });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(refusal(address, error as NodeJS.ErrnoException), { cause: error });
  }
  return {
    url: urlOf(server.address() as AddressInfo, address),
    stop: (graceMs) => stop(server, graceMs),
  };
}

const FIXES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there; choose another address with --web.listen-address',
  EACCES: 'ports below 1024 need a privilege; choose a higher one with --web.listen-address',
};

function refusal({ host = '', port }: ListenAddress, { code, message }: NodeJS.ErrnoException) {
  return `cannot listen on ${host}:${port}: ${FIXES[code ?? ''] ?? message}`;
}

function urlOf({ address, family, port }: AddressInfo, asked: ListenAddress): string {
  const host = asked.host === undefined ? 'localhost' : address;
  return `http://${family === 'IPv6' && host === address ? `[${address}]` : host}:${port}`;
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
