import type { Clock, Random } from './clock.js';
import type { Options } from './config/options.js';
import type { Logger } from './log.js';
import type { Refreshers } from './refreshers.js';
import { firstDelay, nextDelay, repeatForever, retryDelay, type Sleep } from './refresh/loop.js';

export interface LoopsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly sleep: Sleep;
}

export type Running = Pick<Refreshers, 'scopes' | 'sources'>;
export type Intervals = Pick<Options, 'refresh.interval' | 'accounts.refresh-interval'>;

/** Refreshes every scope and every source again and again. */
export interface Loops {
  /**
   * Abandons what is under way elsewhere than with these refreshers, and tells so in the log. Resolves
   * when that is at rest.
   */
  keepOnly(refreshers: Running): Promise<void>;
  /**
   * Goes on with those of these refreshers that run already, and begins with the others. Intervals
   * count from now on: whoever waits for another begins anew, and nothing under way is abandoned.
   */
  run(refreshers: Running, intervals: Intervals): void;
  /** Abandons what is under way, and resolves when all is at rest. */
  stop(): Promise<void>;
}

/** What is run again and again, and when. */
interface Plan {
  readonly runner: Running['scopes'][number] | Running['sources'][number];
  /** For the log. */
  readonly what: object;
  readonly intervalMs: number;
  readonly firstDelayMs: number;
  readonly nextDelayMs: (elapsedMs: number) => number;
}

interface Loop {
  plan: Plan;
  isBusy: boolean;
  readonly stop: () => Promise<void>;
}

export function createLoops(deps: LoopsDeps): Loops {
  const loops = new Map<Plan['runner'], Loop>();

  const begin = (plan: Plan) => {
    const stopping = new AbortController();
    const loop: Loop = {
      plan,
      isBusy: false,
      stop: () => {
        stopping.abort();
        return ended;
      },
    };
    const ended = repeatForever(
      {
        ...deps,
        run: async (stop) => {
          loop.isBusy = true;
          try {
            await plan.runner.refresh(stop);
          } finally {
            loop.isBusy = false;
          }
        },
        what: plan.what,
        firstDelayMs: plan.firstDelayMs,
        nextDelayMs: (elapsedMs) => loop.plan.nextDelayMs(elapsedMs),
      },
      stopping.signal,
    );
    loops.set(plan.runner, loop);
  };
  return {
    async keepOnly({ scopes, sources }) {
      const kept = new Set<Plan['runner']>([...scopes, ...sources]);
      const leaving = [...loops.values()].filter(({ plan }) => !kept.has(plan.runner));
      for (const { isBusy, plan } of leaving) {
        loops.delete(plan.runner);
        if (!isBusy) continue;
        const fields = { event: 'refresh_abandoned', ...plan.what };
        deps.logger.info(
          fields,
          'Abandoned a refresh under way: it is read otherwise now, or not at all',
        );
      }
      await Promise.all(leaving.map((loop) => loop.stop()));
    },
    run(refreshers, intervals) {
      for (const plan of plansOf(refreshers, intervals, deps.random)) {
        const loop = loops.get(plan.runner);
        if (loop?.isBusy) loop.plan = plan;
        else if (loop?.plan.intervalMs !== plan.intervalMs) {
          void loop?.stop();
          begin(plan);
        }
      }
    },
    async stop() {
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
  };
}

function plansOf(
  { scopes, sources }: Running,
  intervals: Intervals,
  random: Random,
): readonly Plan[] {
  const interval = intervals['refresh.interval'];
  const accountsInterval = intervals['accounts.refresh-interval'];
  return [
    ...scopes.map((runner) => ({
      runner,
      what: runner.scope,
      intervalMs: interval,
      firstDelayMs: firstDelay(interval, random),
      nextDelayMs: (elapsedMs: number) => nextDelay(interval, elapsedMs, random),
    })),
    ...sources.map((runner) => ({
      runner,
      what: { source: runner.name },
      intervalMs: accountsInterval,
      firstDelayMs: 0,
      nextDelayMs: (elapsedMs: number) =>
        runner.failuresInARow === 0
          ? nextDelay(accountsInterval, elapsedMs, random)
          : retryDelay(accountsInterval, runner.failuresInARow, random),
    })),
  ];
}
