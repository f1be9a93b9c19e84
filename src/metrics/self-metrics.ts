import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { REASONS } from '../aws/errors.js';
import { OPERATIONS, SCOPE_OPERATIONS, type RequestObserver } from '../aws/port.js';
import type { Scope } from '../conformance/snapshot.js';
import { graveFailures, type Failure } from '../refresh/result.js';
import type { LastRefresh, ScopeState, Store } from '../refresh/store.js';
import { SERIES_MODES } from './account-series.js';
import type { View } from './view.js';

/** Prefix of the families about the exporter itself. */
export const SELF_PREFIX = 'conformance_pack_exporter';

export interface SelfMetricsOptions {
  readonly store: Store;
  /** What is shown now. */
  readonly view: () => View;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly refreshIntervalMs: number;
  readonly samplesLimit: number;
  /** Whether the accounts of the organization are read. */
  readonly readsAccounts: boolean;
  /**
   * `running` for everything, `file` without what means nothing once the process has ended: counters,
   * and what is about the process.
   */
  readonly lifetime: 'running' | 'file';
  /** Whether the metrics of the process and of Node.js are told as well. */
  readonly processMetrics: boolean;
}

/** A gauge with one value a scope, read off the store at the scrape. To add one, add a row. */
interface ScopeGauge {
  readonly name: string;
  readonly help: string;
  /** Whether it means nothing once the process has ended. */
  readonly runningOnly?: true;
  /** `undefined` for no sample. */
  readonly value: (state: ScopeState, options: SelfMetricsOptions) => number | undefined;
}

const SCOPE_GAUGES: readonly ScopeGauge[] = [
  {
    name: 'refresh_success',
    help: 'Whether the last refresh of the scope read everything; 0 when any pack failed, absent before the first.',
    value: ({ lastRefresh }) => lastRefresh && Number(lastRefresh.successful),
  },
  {
    name: 'refresh_duration_seconds',
    help: 'How long the last refresh of the scope took.',
    value: ({ lastRefresh }) => lastRefresh && lastRefresh.durationMs / 1000,
  },
  {
    name: 'refresh_interval_seconds',
    help: 'Configured time from the start of one refresh to the start of the next.',
    runningOnly: true,
    value: (_, { refreshIntervalMs }) => refreshIntervalMs / 1000,
  },
  {
    name: 'refresh_last_success_timestamp_seconds',
    help: 'When the last successful refresh of the scope ended, in seconds since the epoch; 0 until the first.',
    value: ({ lastSuccessAt }) => (lastSuccessAt ?? 0) / 1000,
  },
  {
    name: 'refresh_progress_ratio',
    help: 'How far the refresh under way has come, from 0 to 1; 1 between refreshes.',
    runningOnly: true,
    value: ({ lastRefresh, progress }) =>
      progress ? progress.done / progress.expected : Number(lastRefresh !== undefined),
  },
  {
    name: 'packs',
    help: 'Packs that AWS lists in the scope, before filters.',
    value: ({ snapshot }) => snapshot?.listed.size,
  },
];

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

  constructor(options: SelfMetricsOptions) {
    this.#runningRegistry = options.lifetime === 'running' ? this.registry : new Registry();
    this.#refreshes = this.#counter('refreshes', 'Refreshes of the scope that ended.', []);
    this.#refreshFailures = this.#counter(
      'refresh_failures',
      'Refreshes of the scope in which something could not be read; counted once for each distinct reason.',
      ['reason'],
    );
    this.#requests = this.#counter('api_requests', 'Requests sent to AWS, retries included.', [
      'operation',
    ]);
    this.#requestFailures = this.#counter(
      'api_request_failures',
      'Calls of AWS that were given up, after retries.',
      ['operation', 'reason'],
    );
    this.#throttles = this.#counter(
      'api_throttles',
      'Requests that AWS throttled, retries included.',
      ['operation'],
    );
    this.#requestDuration = new Histogram({
      name: `${SELF_PREFIX}_api_request_duration_seconds`,
      help: 'Time from sending a request to AWS to its answer; waiting for the rate limit is not part of it.',
      labelNames: ['operation'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [this.#runningRegistry],
    });
    this.#initialize(options.store.states.map(({ scope }) => scope));
    this.#addGauges(options);
    if (options.processMetrics) addProcessMetrics(this.#runningRegistry);
  }

  /** Counts the requests of one scope. */
  requestObserver({ source, region }: Scope): RequestObserver {
    return {
      attempt: (operation, seconds, throttled) => {
        const labels = { source, aws_region: region, operation };
        this.#requests.inc(labels);
        if (throttled) this.#throttles.inc(labels);
        this.#requestDuration.observe({ operation }, seconds);
      },
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

  #counter(name: string, help: string, labels: readonly string[]): Counter {
    return new Counter({
      name: `${SELF_PREFIX}_${name}_total`,
      help,
      labelNames: [...SCOPE_LABELS, ...labels],
      registers: [this.#runningRegistry],
    });
  }

  #initialize(scopes: readonly Scope[]): void {
    const sources = new Set<string>();
    for (const { source, region } of scopes) {
      const scope = { source, aws_region: region };
      this.#refreshes.inc(scope, 0);
      for (const reason of REASONS) this.#refreshFailures.inc({ ...scope, reason }, 0);
      // Calls about a source as a whole are counted to the first of its Regions.
      const operations = sources.has(source) ? SCOPE_OPERATIONS : OPERATIONS;
      sources.add(source);
      for (const operation of operations) {
        this.#requests.inc({ ...scope, operation }, 0);
        this.#throttles.inc({ ...scope, operation }, 0);
        for (const reason of REASONS) this.#requestFailures.inc({ ...scope, operation, reason }, 0);
      }
    }
  }

  #addGauges(options: SelfMetricsOptions): void {
    const { samplesLimit, startedAt, store, version, view } = options;
    for (const { name, help, runningOnly, value } of SCOPE_GAUGES) {
      const registry = runningOnly ? this.#runningRegistry : this.registry;
      this.#gauge(registry, name, help, SCOPE_LABELS, (gauge) => {
        for (const state of store.states) {
          const { source, region } = state.scope;
          const current = value(state, options);
          if (current !== undefined) gauge.set({ source, aws_region: region }, current);
        }
      });
    }
    this.#gauge(
      this.registry,
      'source_info',
      'Always 1; the labels tell whose credentials the source has.',
      ['source', 'owner_account_id', 'organization_id', 'partition'],
      (gauge) => {
        for (const { identity, name, organizationId = '' } of store.sources) {
          if (identity === undefined) continue;
          const { accountId, partition } = identity;
          const labels = { organization_id: organizationId, partition };
          gauge.set({ source: name, owner_account_id: accountId, ...labels }, 1);
        }
      },
    );
    if (options.readsAccounts) {
      this.#gauge(
        this.registry,
        'accounts_last_success_timestamp_seconds',
        'When the accounts of the organization were last read completely, in seconds since the epoch; 0 until the first time.',
        ['source'],
        (gauge) => {
          for (const { name, organization } of store.sources) {
            gauge.set({ source: name }, (organization?.readAt ?? 0) / 1000);
          }
        },
      );
    }
    this.#gauge(
      this.registry,
      'build_info',
      'Always 1; the labels tell the version of the exporter.',
      ['version'],
      (gauge) => gauge.set({ version }, 1),
    );
    this.#gauge(
      this.#runningRegistry,
      'start_time_seconds',
      'When the exporter started, in seconds since the epoch.',
      [],
      (gauge) => gauge.set(startedAt / 1000),
    );
    this.#gauge(
      this.registry,
      'samples',
      'Samples of packs and accounts in this exposition.',
      [],
      (gauge) => gauge.set(view().samples),
    );
    this.#gauge(
      this.registry,
      'samples_limit',
      'Configured limit of those samples; 0 for none.',
      [],
      (gauge) => gauge.set(samplesLimit),
    );
    this.#gauge(
      this.registry,
      'account_series_mode',
      'How much is told of each account: 1 for the current mode, 0 for the others.',
      ['mode'],
      (gauge) => {
        for (const mode of SERIES_MODES)
          gauge.set({ mode }, Number(mode === view().plan.detail.mode));
      },
    );
  }

  #gauge(
    registry: Registry,
    name: string,
    help: string,
    labelNames: readonly string[],
    collect: (gauge: Gauge) => void,
  ): void {
    const gauge: Gauge = new Gauge({
      name: `${SELF_PREFIX}_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect: () => {
        gauge.reset();
        collect(gauge);
      },
    });
  }
}
