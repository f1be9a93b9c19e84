import { AwsError, type Reason } from '../aws/errors.js';

/** The steps that a refresh takes, in its order. */
export const STEPS = [
  'credentials',
  'identity',
  'organization',
  'accounts of the organization',
  'names of organizational units',
  'list of packs',
  'descriptions of packs',
  'accounts of a pack',
] as const;
export type Step = (typeof STEPS)[number];

/**
 * How a step went: `ok`; `failed`; `optional` where it failed and costs labels only; `skipped` where
 * there was nothing to try, or no sense in it.
 */
export type CheckStatus = 'ok' | 'failed' | 'optional' | 'skipped';

/** One step of the way that a refresh takes, tried. */
export interface Check {
  readonly source: string;
  /** Absent for what is asked once a source. */
  readonly region?: string | undefined;
  readonly step: Step;
  readonly status: CheckStatus;
  /** Why it failed. */
  readonly reason?: Reason | undefined;
  /** What was found, or what went wrong. */
  readonly detail: string;
  /** What to do about it, where that is known. */
  readonly fix?: string | undefined;
}

/** Where a step belongs. */
export type Place = Pick<Check, 'source' | 'region'>;

/** Tries a step. What it resolves with is what was found; what AWS refuses is the check's failure. */
export async function attempt(
  place: Place,
  step: Step,
  find: () => Promise<string>,
  onFailure: CheckStatus = 'failed',
): Promise<Check> {
  try {
    return { ...place, step, status: 'ok', detail: await find() };
  } catch (error) {
    return { ...place, step, status: onFailure, ...explanationOf(error) };
  }
}

export function skipped(place: Place, step: Step, detail: string): Check {
  return { ...place, step, status: 'skipped', detail };
}

export function explanationOf(error: unknown): Pick<Check, 'reason' | 'detail' | 'fix'> {
  if (!(error instanceof AwsError)) throw error;
  const { advice, problem, reason } = error;
  // One call takes as long as it takes, whatever the deadline over a refresh is.
  return { reason, detail: problem, fix: reason === 'timeout' ? AFTER_TIMEOUT : advice };
}

const AFTER_TIMEOUT = 'check the route, the proxy and the firewalls on the way to the endpoint';
