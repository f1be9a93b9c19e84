#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { run } from './commands/program.js';

/** The process edge: nothing else knows the command line, the environment, signals and exit codes. */

/** How long what is still open may take once the work is done. */
const GRACE_MS = 2_000;

/** Node.js from 22.15 on. */
interface Becoming {
  readonly execve?: (file: string, args: readonly string[], environment: object) => void;
}

/**
 * Ends the process at once. `process.exit` alone would not where a file system does not answer: it waits for the
 * threads that ask it. There the process becomes another one, which has the exit code at once. Before Node.js
 * 22.15 it cannot, and dies of the signal instead, unless it is process 1, which no signal of its own ends.
 */
function leave(exitCode: number, signal: NodeJS.Signals): void {
  if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) {
    const { execPath } = process;
    (process as Becoming).execve?.(execPath, [execPath, '--eval', `process.exit(${exitCode})`], {});
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(exitCode);
}

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait.
    if (stop.signal.aborted) leave(128 + constants.signals[signal], signal);
    stop.abort();
  });
}

const exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  readFile: (path) => readFileSync(path, 'utf8'),
  stdout: process.stdout,
  stderr: process.stderr,
  watched: process.stderr.isTTY,
  stop: stop.signal,
  onReload: (listener) => process.on('SIGHUP', listener),
});
process.exitCode = exitCode;
// Something that AWS's SDK waits for, such as a process that gives credentials, must not hold us up, nor a file
// system that does not answer.
setTimeout(() => leave(exitCode, 'SIGTERM'), GRACE_MS).unref();
