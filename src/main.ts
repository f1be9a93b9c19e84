#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { EXIT } from './commands/command.js';
import { run } from './commands/program.js';

/** The process edge: nothing else knows the command line, the environment, signals and exit codes. */

/** How long what is still open may take once the work is done. */
const GRACE_MS = 2_000;

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait.
    if (stop.signal.aborted) process.exit(128 + constants.signals[signal]);
    stop.abort();
  });
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // Whoever read us has enough. SIGPIPE ends other programs then, but Node.js ignores it.
    if (code === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
    // Without a log the work goes on.
    if (stream === process.stderr) return;
    process.stderr.write(`Cannot write the output: ${message}\n`);
    process.exit(EXIT.failure);
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
  onWarning: (listener) => {
    // Node.js itself listens from the start, unless it was told to be silent.
    if (process.listenerCount('warning') === 0) return;
    process.removeAllListeners('warning').on('warning', listener);
  },
});
process.exitCode = exitCode;
// Something that AWS's SDK waits for, such as a process that gives credentials, must not hold us up.
setTimeout(() => process.exit(exitCode), GRACE_MS).unref();
