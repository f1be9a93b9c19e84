import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { run } from '../../src/commands/program.js';

/** A daemon that runs in the process of the test. */
export interface HereDaemon {
  /** Where it listens; without a slash at the end. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Runs the program's command line in this process, which is lighter than one of its own where many run
 * at once.
 */
export async function runHere(args: readonly string[]): Promise<HereDaemon> {
  const stopping = new AbortController();
  const stderr = new PassThrough();
  const ended = run([...args, '--log.format=json', '--web.listen-address=127.0.0.1:0'], {
    environment: {},
    readFile: (path) => readFileSync(path, 'utf8'),
    stdout: new PassThrough().resume(),
    stderr,
    watched: false,
    stop: stopping.signal,
    onReload: () => undefined,
    onWarning: () => undefined,
  });
  const stop = async () => {
    stopping.abort();
    await ended;
  };
  onTestFinished(stop);
  void ended.finally(() => stderr.end());
  const log: string[] = [];
  for await (const line of createInterface(stderr)) {
    log.push(line);
    const { event, urls = [] } = JSON.parse(line) as { event?: string; urls?: string[] };
    if (event !== 'started') continue;
    stderr.resume();
    return { url: (urls[0] ?? '').replace(/\/$/, ''), stop };
  }
  throw new Error(`${args.join(' ')} ended:\n${log.join('\n')}`);
}
