import type { Random } from './random.js';
import { ServiceError, type Call, type Output, type Service } from './wire.js';

/** Which calls a fault befalls; what is left out matches all. */
export interface FaultMatch {
  readonly service?: Service;
  readonly operation?: string;
  readonly region?: string;
  readonly accountId?: string;
  /** Name of the pack asked for. */
  readonly pack?: string;
  /** How often it strikes before it is over; without it for ever. */
  readonly times?: number;
  /** How likely it strikes, from 0 to 1; without it always. */
  readonly probability?: number;
}

/** What a fault does to a call. */
export type FaultEffect =
  /** The service refuses. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly status?: number;
    }
  /** IAM refuses. */
  | { readonly kind: 'denied' }
  /** A token bucket for each account and Region refuses what comes too fast. */
  | { readonly kind: 'rate-limit'; readonly perSecond: number; readonly burst: number }
  /** A load balancer's page instead of an answer. */
  | { readonly kind: 'html' }
  /** An answer that breaks off in the middle. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'reset' }
  /** No answer, ever. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** The answer with something changed: a token that repeats, a row without a name. */
  | { readonly kind: 'alter'; readonly alter: (output: Output) => Output };

export type Fault = FaultMatch & FaultEffect;

interface Bucket {
  tokens: number;
  filledAt: number;
}

interface Planned {
  readonly fault: Fault;
  left: number;
  readonly buckets: Map<string, Bucket>;
}

/** The faults in force. The first that matches and strikes wins; `slow` lets the next one strike too. */
export class FaultPlan {
  readonly #planned = new Set<Planned>();
  readonly #random: Random;
  readonly #clock: () => number;

  constructor(random: Random, clock: () => number) {
    this.#random = random;
    this.#clock = clock;
  }

  /** Returns what takes the fault away again. */
  add(fault: Fault): () => void {
    const planned: Planned = { fault, left: fault.times ?? Infinity, buckets: new Map() };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  clear(): void {
    this.#planned.clear();
  }

  /** The effects that befall this call. */
  strike(call: Call): readonly FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const planned of this.#planned) {
      const { fault } = planned;
      if (planned.left === 0 || !matches(fault, call)) continue;
      if (fault.probability !== undefined && this.#random() >= fault.probability) continue;
      if (fault.kind === 'rate-limit' && this.#takeToken(planned, fault, call)) continue;
      planned.left--;
      effects.push(fault);
      if (fault.kind !== 'slow') break;
    }
    return effects;
  }

  #takeToken(
    { buckets }: Planned,
    { burst, perSecond }: FaultEffect & { kind: 'rate-limit' },
    { caller }: Call,
  ): boolean {
    const key = `${caller.accountId}/${caller.region}`;
    const now = this.#clock();
    const bucket = buckets.get(key) ?? { tokens: burst, filledAt: now };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}

function matches(fault: FaultMatch, { caller, input, operation, service }: Call): boolean {
  return (
    (fault.service ?? service) === service &&
    (fault.operation ?? operation) === operation &&
    (fault.region ?? caller.region) === caller.region &&
    (fault.accountId ?? caller.accountId) === caller.accountId &&
    (fault.pack === undefined || fault.pack === input['OrganizationConformancePackName'])
  );
}

/** What the service says to a call that it refuses for being too fast. */
export function throttling({ service }: Call): ServiceError {
  return service === 'organizations'
    ? new ServiceError(
        'TooManyRequestsException',
        'AWS Organizations can’t complete your request because another request is already in progress. Try again later.',
      )
    : new ServiceError('ThrottlingException', 'Rate exceeded');
}

/** What IAM says to a call that no policy allows. */
export function denial({ caller, operation, service }: Call): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${service}:${operation}`,
  );
}
