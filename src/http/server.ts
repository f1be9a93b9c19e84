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

/** A server that listens. */
export interface Listener {
  readonly address: AddressInfo;
  /** Takes no new connection, lets requests in flight end for `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** Listens. Rejects with the system's error where the address cannot be had. */
export async function listen(
  app: RequestListener,
  { host, port }: ListenAddress,
): Promise<Listener> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    app,
  );
  server.listen({ port, host });
  await once(server, 'listening');
  return {
    address: server.address() as AddressInfo,
    stop: (graceMs) => stop(server, graceMs),
  };
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
