import { startWorker } from './processes.js';

/** What is agreed with the process of the simulated AWS. */

export const REGION = 'eu-west-1';

export interface SimulatorSize {
  readonly packs: number;
  readonly accounts: number;
  readonly latencyMs: number;
  /** In each pack one account in so many failed; none by default. */
  readonly failureEvery?: number;
}

/** How to reach it. */
export interface SimulatorReady {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface ServerLimit {
  readonly perSecond: number;
  /** Requests that are taken at once after a rest. */
  readonly burst: number;
}

export interface RequestCount {
  readonly requests: number;
  readonly refused: number;
}

export type SimulatorQuestion =
  /** Refuse whatever comes faster than this from now on. */
  | { readonly limit: ServerLimit }
  /** How many requests there were since this was last asked, and how many were refused. */
  | 'count'
  /** Change something of everything there is, but not how much there is. */
  | 'churn';

export interface SimulatedAws {
  readonly ready: SimulatorReady;
  limit(limit: ServerLimit): Promise<void>;
  count(): Promise<RequestCount>;
  churn(): Promise<void>;
  stop(): Promise<void>;
}

/** A simulated AWS in a process of its own, with packs that are complete everywhere, but for the failures asked for. */
export async function startSimulatedAws(size: SimulatorSize): Promise<SimulatedAws> {
  const worker = await startWorker(new URL('simulator.ts', import.meta.url), {
    args: [JSON.stringify(size)],
  });
  const ask = <Answer>(question: SimulatorQuestion) => worker.ask<Answer>(question);
  return {
    ready: worker.ready as SimulatorReady,
    limit: (limit) => ask({ limit }),
    count: () => ask('count'),
    churn: () => ask('churn'),
    stop: () => worker.stop(),
  };
}
