import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

export type Encoding = 'identity' | 'gzip';

/** The whole answer. */
export async function scrape(url: string, encoding: Encoding): Promise<Buffer> {
  const sent = get(url, { headers: { 'accept-encoding': encoding }, agent: false });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200)
    throw new Error(`the answer is ${response.statusCode ?? 'none'}`);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const SINK = Buffer.allocUnsafeSlow(1024 * 1024);

/**
 * Milliseconds until the last byte. It is read as cheaply as can be, always into the same buffer: the
 * client is not what is measured.
 */
export async function timeScrape(url: string, encoding: Encoding): Promise<number> {
  const { host, hostname, pathname, port } = new URL(url);
  let answer = '';
  const callback = (bytes: number) => {
    if (answer === '') answer = SINK.toString('latin1', 0, Math.min(bytes, 12));
    return true;
  };
  const startedAt = performance.now();
  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: { buffer: SINK, callback },
  });
  const closed = once(socket, 'close');
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: ${encoding}\r\nConnection: close\r\n\r\n`,
  );
  await closed;
  if (answer !== 'HTTP/1.1 200') throw new Error(`the answer is ${answer}`);
  return performance.now() - startedAt;
}
