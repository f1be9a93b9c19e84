import type { Writable } from 'node:stream';
import { formatDuration } from '../config/duration.js';
import { addProgress, reportProgress } from '../refresh/progress.js';
import type { Store } from '../refresh/store.js';

const PERIOD_MS = 250;

export interface ProgressLineOptions {
  readonly store: Store;
  /** A terminal. */
  readonly terminal: Writable;
}

/** Shows on one line of a terminal how far a refresh has come. Returns what takes it away again. */
export function showProgress({ store, terminal }: ProgressLineOptions): () => void {
  const timer = setInterval(() => {
    const line = progressText(store);
    if (line !== undefined) terminal.write(`\r\u001b[K${line}`);
  }, PERIOD_MS);
  return () => {
    clearInterval(timer);
    terminal.write('\r\u001b[K');
  };
}

/** How far all scopes together have come, and the sources; `undefined` where none is under way. */
export function progressText({ sources, states }: Store): string | undefined {
  const underWay = states
    .map(({ progress }) => progress)
    .filter((progress) => progress !== undefined);
  if (underWay.length === 0) {
    return sources.some(({ tried }) => !tried) ? 'Reading AWS: accounts and names' : undefined;
  }
  const read = states.filter(({ lastRefresh }) => lastRefresh !== undefined).length;
  const { done, expected, secondsLeft } = addProgress(underWay.map(reportProgress));
  const scopes = states.length === 1 ? '' : `${read} of ${states.length} scopes, `;
  const of = expected === undefined ? '' : ` of ${number(expected)}`;
  const left =
    secondsLeft === undefined || secondsLeft === 0
      ? ''
      : `, about ${formatDuration(secondsLeft * 1000)} left`;
  return `Reading AWS: ${scopes}${number(done)}${of} calls${left}`;
}

const number = (value: number) => value.toLocaleString('en');
