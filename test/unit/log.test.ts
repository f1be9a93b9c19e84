import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger, type LogOptions } from '../../src/log.js';

function logOf(format: LogOptions['format']) {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { logger: createLogger({ level: 'info', format }, destination), text: () => text };
}

const FAILURE = { event: 'read_failed', error: 'AccessDenied:\nno' };

describe('the log', () => {
  it('names levels in JSON, as stores of logs filter them', () => {
    const { logger, text } = logOf('json');
    logger.error(FAILURE, 'Could not read');
    const { time, ...line } = JSON.parse(text()) as Record<string, unknown>;
    expect(line).toEqual({ level: 'error', ...FAILURE, msg: 'Could not read' });
    expect(new Date(String(time)).toISOString()).toBe(time);
  });

  it('is a line an event for people, however many AWS says', () => {
    const { logger, text } = logOf('pretty');
    logger.warn(FAILURE, 'Could not read');
    expect(text()).toMatch(
      /^\[[\d:.]+\] WARN: Could not read \{.*"error":"AccessDenied:\\nno"\}\n$/,
    );
  });

  it('tells people where a defect is', () => {
    const { logger, text } = logOf('pretty');
    logger.error({ event: 'refresh_crashed', err: new Error('a defect') }, 'Refresh crashed');
    expect(text()).toMatch(/"message": "a defect"/);
    expect(text()).toContain('log.test.ts');
  });
});
