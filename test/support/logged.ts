import { Writable } from 'node:stream';
import { createLogger } from '../../src/log.js';

/** A logger, and the lines that it has written, without the time. */
export function collectingLogger() {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = JSON.parse(chunk.toString()) as Record<string, unknown>;
      delete line['time'];
      lines.push(line);
      done();
    },
  });
  return { logger: createLogger({ level: 'debug', format: 'json' }, destination), lines };
}
