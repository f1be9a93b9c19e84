import { getSmithyContext } from '@smithy/core/transport';
import type { FinalizeRequestMiddleware, Pluggable } from '@smithy/types';
import { isThrottled } from './classify.js';
import type { Pacer } from './pacer.js';

/**
 * How often a request is sent that AWS throttles each time, before it counts as failed. The SDK then
 * waits for a while and tries it anew, as it does with other failures.
 */
export const TRIES = 4;

/** Lets every request of a client wait for its turn; the SDK's retries are requests too. */
export function pace<Input extends object, Output extends object>(
  pacer: Pacer,
): Pluggable<Input, Output> {
  const paced: FinalizeRequestMiddleware<Input, Output> = (next, context) => async (args) => {
    const signal = signalOf(getSmithyContext(context));
    for (let left = TRIES - 1; ; left--) {
      const turn = await pacer.turn(signal);
      try {
        const result = await next(args);
        turn.succeeded();
        return result;
      } catch (error) {
        if (!isThrottled(error)) throw error;
        turn.throttled();
        if (left === 0) throw error;
      }
    }
  };
  return {
    applyToStack(stack) {
      // Below the retries, and before the signature, which is good for some minutes only.
      const location = { relation: 'before', toMiddleware: 'httpSigningMiddleware' } as const;
      stack.addRelativeTo(paced, { ...location, name: 'pace' });
    },
  };
}

const NEVER = new AbortController().signal;

/** The signal that the call was given. */
function signalOf({ abortSignal }: ReturnType<typeof getSmithyContext>): AbortSignal {
  return abortSignal instanceof AbortSignal ? abortSignal : NEVER;
}
