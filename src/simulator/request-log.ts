import type { Call } from './wire.js';

/** A request as the server saw it. */
export interface LoggedRequest {
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** Name of the pack asked for. */
  readonly pack: string | undefined;
  /** Status of the answer; 0 while there is none. */
  status: number;
}

/** Everything that was asked of the server. */
export class RequestLog {
  readonly all: LoggedRequest[] = [];
  readonly #inFlight = new Map<string, number>();
  readonly #mostInFlight = new Map<string, number>();

  begin({ caller, input, operation, service }: Call): LoggedRequest {
    const pack = input['OrganizationConformancePackName'];
    const request: LoggedRequest = {
      service,
      operation,
      accountId: caller.accountId,
      region: caller.region,
      pack: typeof pack === 'string' ? pack : undefined,
      status: 0,
    };
    this.all.push(request);
    const key = keyOf(request);
    const inFlight = (this.#inFlight.get(key) ?? 0) + 1;
    this.#inFlight.set(key, inFlight);
    this.#mostInFlight.set(key, Math.max(inFlight, this.#mostInFlight.get(key) ?? 0));
    return request;
  }

  end(request: LoggedRequest): void {
    const key = keyOf(request);
    this.#inFlight.set(key, (this.#inFlight.get(key) ?? 1) - 1);
  }

  /** How many requests of an operation came, in all Regions or in one. */
  count(operation: string, region?: string): number {
    return this.all.filter(
      (request) => request.operation === operation && (region ?? request.region) === request.region,
    ).length;
  }

  /** The most requests that one account had in flight in one Region, over all services. */
  mostInFlight(accountId: string, region: string): number {
    return this.#mostInFlight.get(`${accountId}/${region}`) ?? 0;
  }

  clear(): void {
    this.all.length = 0;
    this.#mostInFlight.clear();
  }
}

function keyOf({ accountId, region }: LoggedRequest): string {
  return `${accountId}/${region}`;
}
