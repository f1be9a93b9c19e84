import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { REASONS } from '../aws/errors.js';
import { OPERATIONS, SCOPE_OPERATIONS, type Operation, type RequestObserver } from '../aws/port.js';
import type { Scope } from '../conformance/snapshot.js';
import { graveFailures, type Failure } from '../refresh/result.js';
import type { LastRefresh } from '../refresh/store.js';
import { SELF_GAUGES, type SelfGauge, type SelfSettings, type SelfState } from './self-gauges.js';

/** Prefix of the families about the exporter itself. */
export const SELF_PREFIX = 'conformance_pack_exporter';

export interface SelfMetricsOptions extends Omit<
  SelfState,
  'configuration' | 'rateOf' | 'stateFile'
> {
  /**
   * `running` for everything, `file` without what means nothing once the process has ended: counters,
   * and what is about the process.
   */
  readonly lifetime: 'running' | 'file';
  /** Whether the metrics of the process and of Node.js are told as well. */
  readonly processMetrics: boolean;
}

/** Gauges that are named like counters, which OpenMetrics forbids; each has a sum of another name. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
}

const SCOPE_LABELS = ['source', 'aws_region'] as const;

/**
 * The metrics about the exporter itself: what refreshes and requests came to, and what the process
 * costs. Counters exist from the start, so that the first failure is an increase.
 */
export class SelfMetrics {
  readonly registry = new Registry();
  readonly #refreshes: Counter;
  readonly #refreshFailures: Counter;
  readonly #requests: Counter;
  readonly #requestFailures: Counter;
  readonly #throttles: Counter;
  readonly #requestDuration: Histogram;
  /** Where everything goes that means nothing once the process has ended. */
  readonly #runningRegistry: Registry;
  #state: SelfState;
  /** Labels of the counters that exist, by scope. */
  #scopes = new Map<string, Scope>();
  /** Requests a second, by scope. */
  readonly #rates = new Map<string, number>();

  constructor(options: SelfMetricsOptions) {
    this.#runningRegistry = options.lifetime === 'running' ? this.registry : new Registry();
    this.#refreshes = this.#counter(
      'refreshes',
      'Completed refreshes of the scope, successful or not.',
      [],
    );
    this.#refreshFailures = this.#counter(
      'refresh_failures',
      'Refreshes of the scope in which something could not be read; a refresh counts once for each distinct reason.',
      ['reason'],
    );
    this.#requests = this.#counter('api_requests', 'Requests sent to AWS, including retries.', [
      'operation',
    ]);
    this.#requestFailures = this.#counter(
      'api_request_failures',
      'AWS API calls that failed after all retries.',
      ['operation', 'reason'],
    );
    this.#throttles = this.#counter(
      'api_throttles',
      'Requests that AWS throttled, including retries.',
      ['operation'],
    );
    this.#requestDuration = new Histogram({
      name: `${SELF_PREFIX}_api_request_duration_seconds`,
      help: 'Time from sending a request to AWS to its response, excluding the wait for the rate limit.',
      labelNames: ['operation'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [this.#runningRegistry],
    });
    this.#state = {
      ...options,
      rateOf: (scope) => this.#rates.get(keyOf(scope)),
      configuration: { successful: true, successAt: options.startedAt },
    };
    this.#initialize();
    for (const gauge of SELF_GAUGES) this.#addGauge(gauge);
    if (options.processMetrics) addProcessMetrics(this.#runningRegistry);
  }

  /** Counts the requests of one scope. */
  requestObserver(scope: Scope): RequestObserver {
    return {
      attempt: (operation, seconds, throttled) => {
        const labels = { source: scope.source, aws_region: scope.region, operation };
        this.#requests.inc(labels);
        if (throttled) this.#throttles.inc(labels);
        this.#requestDuration.observe({ operation }, seconds);
      },
      rate: (perSecond) => this.#rates.set(keyOf(scope), perSecond),
    };
  }

  /** Counts a refresh that ended. */
  refreshed({ source, region }: Scope, { failures }: LastRefresh): void {
    const scope = { source, aws_region: region };
    this.#refreshes.inc(scope);
    for (const reason of new Set(graveFailures(failures).map((failure) => failure.reason))) {
      this.#refreshFailures.inc({ ...scope, reason });
    }
    for (const failure of failures) this.callFailed({ source, region }, failure);
  }

  /** Counts a call that was given up. */
  callFailed({ source, region }: Scope, { operation, reason }: Failure): void {
    this.#requestFailures.inc({ source, aws_region: region, operation, reason });
  }

  /** Goes on with another configuration, and with the scopes that the store has by now. */
  configure(settings: SelfSettings): void {
    this.#state = { ...this.#state, settings };
    this.#initialize();
  }

  /** Records how a reading of the configuration went. `at` in milliseconds since the epoch. */
  configurationRead(successful: boolean, at: number): void {
    const { successAt } = this.#state.configuration;
    const configuration = { successful, successAt: successful ? at : successAt };
    this.#state = { ...this.#state, configuration };
  }

  /** Records whether the state file could be written. `at` in milliseconds since the epoch. */
  stateFileTried(successful: boolean, at: number): void {
    const writtenAt = successful ? at : this.#state.stateFile?.writtenAt;
    this.#state = { ...this.#state, stateFile: { successful, writtenAt } };
  }

  #counter(name: string, help: string, labels: readonly string[]): Counter {
    return new Counter({
      name: `${SELF_PREFIX}_${name}_total`,
      help,
      labelNames: [...SCOPE_LABELS, ...labels],
      registers: [this.#runningRegistry],
    });
  }

  /** Every counter exists from the start, and goes with its scope. */
  #initialize(): void {
    const { states } = this.#state.store;
    const scopes = new Map(states.map(({ scope }) => [keyOf(scope), scope]));
    for (const [key, scope] of this.#scopes) {
      if (!scopes.has(key))
        this.#eachCounter(scope, OPERATIONS, (counter, labels) => counter.remove(labels));
    }
    const homes = new Set<string>();
    for (const scope of scopes.values()) {
      // Calls about a source as a whole are counted to the first of its Regions.
      const operations = homes.has(scope.source) ? SCOPE_OPERATIONS : OPERATIONS;
      homes.add(scope.source);
      this.#eachCounter(scope, operations, (counter, labels) => counter.inc(labels, 0));
    }
    this.#scopes = scopes;
  }

  #eachCounter(
    { region, source }: Scope,
    operations: readonly Operation[],
    act: (counter: Counter, labels: Record<string, string>) => void,
  ): void {
    const scope = { source, aws_region: region };
    act(this.#refreshes, scope);
    for (const reason of REASONS) act(this.#refreshFailures, { ...scope, reason });
    for (const operation of operations) {
      act(this.#requests, { ...scope, operation });
      act(this.#throttles, { ...scope, operation });
      for (const reason of REASONS) act(this.#requestFailures, { ...scope, operation, reason });
    }
  }

  #addGauge({ help, labels, name, runningOnly, samples }: SelfGauge): void {
    const gauge: Gauge = new Gauge({
      name: `${SELF_PREFIX}_${name}`,
      help,
      labelNames: [...labels],
      registers: [runningOnly ? this.#runningRegistry : this.registry],
      collect: () => {
        gauge.reset();
        // A gauge without labels is 0 when it is reset; without a value it is to be absent.
        gauge.remove({});
        for (const [of, value] of samples(this.#state)) gauge.set(of, value);
      },
    });
  }
}

function keyOf({ region, source }: Scope): string {
  return `${source}/${region}`;
}
