import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process that answers questions, so that its memory and its stalls are its own. */
export interface Worker {
  readonly child: ChildProcess;
  /** Resolves with the answer. One question at a time. */
  readonly ask: <Answer>(question: unknown) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export interface WorkerOptions {
  readonly args?: readonly string[];
  /** Flags of Node.js. */
  readonly flags?: readonly string[];
}

/** Runs a file. It is ready once it has sent its first message, which comes along. */
export async function startWorker(
  file: URL,
  { args = [], flags = [] }: WorkerOptions = {},
): Promise<Worker & { readonly ready: unknown }> {
  const child = fork(file, [...args], { execArgv: ['--import', 'tsx', ...flags] });
  const ready = await nextMessage(child);
  return { ...workerOf(child), ready };
}

export function workerOf(child: ChildProcess): Worker {
  return {
    child,
    ask: async <Answer>(question: unknown) => {
      const answer = nextMessage(child);
      child.send(question as object);
      return (await answer) as Answer;
    },
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Rejects where the process ends without one. */
async function nextMessage(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const message = once(child, 'message', { signal: over.signal });
  const end = once(child, 'exit', { signal: over.signal }).then(() => {
    throw new Error('a process of the benchmark ended without an answer');
  });
  try {
    const [first] = (await Promise.race([message, end])) as [unknown];
    return first;
  } finally {
    over.abort();
    await Promise.allSettled([message, end]);
  }
}
