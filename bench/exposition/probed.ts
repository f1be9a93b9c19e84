import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerOf, type Worker } from '../processes.js';

/** What a process has cost so far. */
export interface Cost {
  /** Longest time that the event loop stood still since the last reset. */
  readonly stallMs: number;
  /** The most memory that the process ever held, the program itself included. */
  readonly peakMb: number;
}

export interface Probed extends Omit<Worker, 'ask'> {
  readonly child: ChildProcess;
  /** Forgets all stalls so far. */
  reset(): Promise<void>;
  cost(): Promise<Cost>;
}

export interface ProbedOptions {
  readonly args: readonly string[];
  /** Flags of Node.js. */
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));

/** Starts a program in a process that can be asked what it costs. */
export function startProbed(
  path: string,
  { args, environment = {}, flags = [] }: ProbedOptions,
): Probed {
  const child = fork(path, [...args], {
    execArgv: ['--import', PROBE, ...flags],
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { ask, stop } = workerOf(child);
  return { child, stop, reset: () => ask('reset'), cost: () => ask('cost') };
}
