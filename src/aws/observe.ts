import type { Pluggable } from '@smithy/types';
import { isThrottled } from './classify.js';
import { OPERATIONS, type Operation, type RequestObserver } from './port.js';

/** Tells the observer of every attempt of a client; the SDK's retries are attempts too. */
export function observeAttempts<Input extends object, Output extends object>(
  observer: RequestObserver,
): Pluggable<Input, Output> {
  return {
    applyToStack(stack) {
      stack.add(
        (next, context) => async (args) => {
          const operation = operationOf(context['commandName']);
          if (operation === undefined) return next(args);
          const startedAt = performance.now();
          let throttled = false;
          try {
            return await next(args);
          } catch (error) {
            throttled = isThrottled(error);
            throw error;
          } finally {
            observer.attempt(operation, (performance.now() - startedAt) / 1000, throttled);
          }
        },
        // Below the retries, which run at high priority in the same step.
        { step: 'finalizeRequest', priority: 'low', name: 'observeAttempts' },
      );
    },
  };
}

function operationOf(commandName: unknown): Operation | undefined {
  return OPERATIONS.find((operation) => `${operation}Command` === commandName);
}
