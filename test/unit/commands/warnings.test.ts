import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { logWarning, tellWarning } from '../../../src/commands/warnings.js';
import { collectingLogger } from '../../support/logged.js';

function warningOf(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

const LEAK = warningOf('MaxListenersExceededWarning', 'Possible leak.\n11 listeners added.');
const SDK = warningOf(
  'Warning',
  'NodeVersionSupportWarning: The AWS SDK for JavaScript (v3)\nversions published later\nwill require another node.',
);

async function told(warning: Error): Promise<string> {
  const stderr = new PassThrough();
  tellWarning(warning, stderr);
  stderr.end();
  return text(stderr);
}

describe('a warning of Node.js', () => {
  it('is one event of the log, with its place on debug', () => {
    const { logger, lines } = collectingLogger();
    const line = { level: 'warn', event: 'node_warning', msg: 'Node.js warns' };
    const leak = { name: LEAK.name, warning: 'Possible leak. 11 listeners added.' };
    logWarning(LEAK, logger);
    logger.level = 'info';
    logWarning(LEAK, logger);
    logWarning(SDK, logger);
    expect(lines).toEqual([
      { ...line, ...leak, stack: LEAK.stack },
      { ...line, ...leak },
      { ...line, name: 'Warning', warning: SDK.message.replaceAll('\n', ' ') },
    ]);
  });

  it('is one line to whoever waits for an answer', async () => {
    expect(await told(LEAK)).toBe(
      'Warning: MaxListenersExceededWarning: Possible leak. 11 listeners added.\n',
    );
    expect(await told(warningOf('Warning', 'So.'))).toBe('Warning: So.\n');
  });

  it('is nothing to them where it is about versions to come', async () => {
    expect(await told(SDK)).toBe('');
  });
});
