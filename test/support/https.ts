import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';

export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  /** Common name of the server's certificate. */
  readonly server: string | string[] | undefined;
  readonly protocol: string | null;
  readonly cipher: string;
}

/** Asks once over TLS, on a connection of its own unless an agent is given. */
export async function ask(url: string, options: RequestOptions): Promise<Answer> {
  const sent = request(url, { agent: false, ...options }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const { socket, statusCode: status } = response;
  if (!(socket instanceof TLSSocket)) throw new Error('the answer did not come over TLS');
  const connection = {
    server: socket.getPeerCertificate().subject.CN,
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().standardName,
  };
  return { status, body: await text(response), ...connection };
}
