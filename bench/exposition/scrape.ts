import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

export type Encoding = 'identity' | 'gzip';

async function request(url: string, encoding: Encoding): Promise<IncomingMessage> {
  const sent = get(url, { headers: { 'accept-encoding': encoding }, agent: false });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200)
    throw new Error(`the answer is ${response.statusCode ?? 'none'}`);
  return response;
}

/** The whole answer. */
export async function scrape(url: string, encoding: Encoding): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await request(url, encoding)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Milliseconds until the last byte. What arrives is not kept: the client is not what is measured. */
export async function timeScrape(url: string, encoding: Encoding): Promise<number> {
  const startedAt = performance.now();
  const response = await request(url, encoding);
  response.resume();
  await once(response, 'end');
  return performance.now() - startedAt;
}
