import { untilAborted } from './abort.js';
import { adviceOn, type Circumstances } from './advice.js';
import type { AwsErrorOptions } from './errors.js';
import { AwsError, PackGoneError, UnitGoneError } from './errors.js';
import { classify } from './classify.js';
import type { Operation } from './port.js';

/** Makes whatever a call of AWS threw an {@link AwsError} that says what to do. */
function explain(error: unknown, circumstances: Circumstances): AwsError {
  if (error instanceof AwsError) return error;
  const { operation } = circumstances;
  const reason = classify(error, operation);
  const options: AwsErrorOptions = {
    operation,
    reason,
    message: describe(error),
    advice: adviceOn(reason, error, circumstances),
    cause: error,
  };
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchOrganizationConformancePackException') return new PackGoneError(options);
  if (name === 'OrganizationalUnitNotFoundException') return new UnitGoneError(options);
  return new AwsError(options);
}

/**
 * Runs a call of AWS with a signal of its own; whatever it throws comes out as an {@link AwsError}, and so
 * does the reason of `signal` as soon as that aborts. `region` is where the call goes, for the advice.
 */
export async function explained<T>(
  operation: Operation,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
  region?: string,
): Promise<T> {
  try {
    return await untilAborted(signal, call);
  } catch (error) {
    throw explain(error, { operation, region, isLate: signal.aborted });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}
