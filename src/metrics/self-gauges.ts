import type { Scope } from '../conformance/snapshot.js';
import type { Shard } from '../refresh/shard.js';
import type { ScopeState, Store } from '../refresh/store.js';
import { SERIES_MODES } from './account-series.js';
import type { View } from './view.js';

/** What the configuration says that gauges tell. */
export interface SelfSettings {
  readonly refreshIntervalMs: number;
  /** Time within which the accounts of every pack are read. */
  readonly sweepIntervalMs: number;
  readonly samplesLimit: number;
  /** Whether the accounts of the organization are read. */
  readonly readsAccounts: boolean;
}

/** What the gauges about the exporter are read off at a scrape. Times in milliseconds since the epoch. */
export interface SelfState {
  readonly store: Store;
  /** What is shown; `undefined` before anybody asked. */
  readonly view: () => View | undefined;
  readonly version: string;
  readonly shard: Shard;
  readonly startedAt: number;
  readonly settings: SelfSettings;
  /** Requests a second that a scope allows itself; `undefined` before it has a connection. */
  readonly rateOf: (scope: Scope) => number | undefined;
  /** What came of the web configuration file, where there is one. */
  readonly webConfig?: WebConfigState | undefined;
  /** How the last reading of the configuration went, and when one went well. */
  readonly configuration: { readonly successful: boolean; readonly successAt: number };
  /** What came of writing the state file; absent before that has been tried. */
  readonly stateFile?: StateFileState | undefined;
}

interface StateFileState {
  /** Whether it could be written when that was last tried. */
  readonly successful: boolean;
  /** `undefined` where it could not yet. */
  readonly writtenAt: number | undefined;
}

export interface WebConfigState {
  readonly lastReloadSuccessful: boolean;
  /** `undefined` without TLS. */
  readonly certificateNotAfter: number | undefined;
}

type GaugeSample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A gauge about the exporter itself, read off its state at the scrape. To add one, add a row. */
export interface SelfGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Whether it means nothing once the process has ended. */
  readonly runningOnly?: true;
  readonly samples: (state: SelfState) => Iterable<GaugeSample>;
}

export const SELF_GAUGES: readonly SelfGauge[] = [
  ofScopes(
    'refresh_success',
    'Whether the last refresh of the scope read everything; 0 when any pack failed, absent before the first.',
    ({ lastRefresh }) => lastRefresh && Number(lastRefresh.successful),
  ),
  ofScopes(
    'refresh_duration_seconds',
    'How long the last refresh of the scope took.',
    ({ lastRefresh }) => lastRefresh && lastRefresh.durationMs / 1000,
  ),
  {
    ...ofScopes(
      'refresh_interval_seconds',
      'Configured time from the start of one refresh to the start of the next.',
      (_, { settings }) => settings.refreshIntervalMs / 1000,
    ),
    runningOnly: true,
  },
  {
    ...ofScopes(
      'sweep_interval_seconds',
      'Configured time from one reading of the accounts of a pack to the next where the pack is complete or deleted; others are read at each refresh.',
      (_, { settings }) => settings.sweepIntervalMs / 1000,
    ),
    runningOnly: true,
  },
  ofScopes(
    'refresh_last_success_timestamp_seconds',
    'When the last successful refresh of the scope ended, in seconds since the epoch; 0 until the first.',
    ({ lastSuccessAt }) => (lastSuccessAt ?? 0) / 1000,
  ),
  {
    ...ofScopes(
      'refresh_progress_ratio',
      'How far the refresh under way has come, from 0 to 1; 1 between refreshes.',
      ({ lastRefresh, progress }) =>
        progress ? progress.done / progress.expected : Number(lastRefresh !== undefined),
    ),
    runningOnly: true,
  },
  {
    ...ofScopes(
      'api_requests_per_second_limit',
      'Requests of AWS Config a second that the exporter allows itself in the scope: what is configured, or less where AWS has throttled.',
      ({ scope }, { rateOf }) => rateOf(scope),
    ),
    runningOnly: true,
  },
  ofScopes(
    'packs',
    'Packs that AWS lists in the scope, before filters.',
    ({ snapshot }) => snapshot?.listed.size,
  ),
  {
    name: 'source_info',
    help: 'Always 1; the labels tell whose credentials the source has.',
    labels: ['source', 'owner_account_id', 'organization_id', 'partition'],
    *samples({ store }) {
      for (const { identity, name, organizationId = '' } of store.sources) {
        if (identity === undefined) continue;
        const { accountId, partition } = identity;
        const labels = { organization_id: organizationId, partition };
        yield [{ source: name, owner_account_id: accountId, ...labels }, 1];
      }
    },
  },
  {
    name: 'accounts_last_success_timestamp_seconds',
    help: 'When the accounts of the organization were last read completely, in seconds since the epoch; 0 until the first time, absent where they are not read.',
    labels: ['source'],
    *samples({ settings, store }) {
      if (!settings.readsAccounts) return;
      for (const { name, organization } of store.sources) {
        yield [{ source: name }, (organization?.readAt ?? 0) / 1000];
      }
    },
  },
  {
    name: 'build_info',
    help: 'Always 1; the labels tell the version of the exporter.',
    labels: ['version'],
    samples: ({ version }) => [[{ version }, 1]],
  },
  {
    name: 'shards',
    help: 'Processes that the packs are shared among, 1 for one that reads all; the label tells which of them this is.',
    labels: ['shard_index'],
    samples: ({ shard }) => [[{ shard_index: String(shard.index) }, shard.total]],
  },
  {
    ...single(
      'start_time_seconds',
      'When the exporter started, in seconds since the epoch.',
      ({ startedAt }) => startedAt / 1000,
    ),
    runningOnly: true,
  },
  single(
    'samples',
    'Samples of packs and accounts in this exposition.',
    ({ view }) => view()?.samples ?? 0,
  ),
  single(
    'samples_limit',
    'Configured limit of those samples; 0 for none.',
    ({ settings }) => settings.samplesLimit,
  ),
  {
    name: 'account_series_mode',
    help: 'How much is told of each account: 1 for the current mode, 0 for the others.',
    labels: ['mode'],
    *samples({ view }) {
      const current = view()?.plan.detail.mode;
      for (const mode of SERIES_MODES) yield [{ mode }, Number(mode === current)];
    },
  },
  {
    ...single(
      'config_last_reload_successful',
      'Whether the configuration could be read when that was last asked for; 0 where the one of before is still in force.',
      ({ configuration }) => Number(configuration.successful),
    ),
    runningOnly: true,
  },
  {
    ...single(
      'config_last_reload_success_timestamp_seconds',
      'When the configuration in force was read, in seconds since the epoch.',
      ({ configuration }) => configuration.successAt / 1000,
    ),
    runningOnly: true,
  },
  {
    name: 'state_last_write_successful',
    help: 'Whether the state file could be written when that was last tried; 0 where a restart would begin with what is older or with nothing, absent before the first time and without such a file.',
    labels: [],
    runningOnly: true,
    *samples({ stateFile }) {
      if (stateFile) yield [{}, Number(stateFile.successful)];
    },
  },
  {
    name: 'state_last_write_success_timestamp_seconds',
    help: 'When the exporter last wrote the state file, in seconds since the epoch; 0 where it could not yet, absent before the first time and without such a file.',
    labels: [],
    runningOnly: true,
    *samples({ stateFile }) {
      if (stateFile) yield [{}, (stateFile.writtenAt ?? 0) / 1000];
    },
  },
  {
    name: 'web_config_last_reload_successful',
    help: 'Whether the web configuration file was right when it was last read; 0 where what it held before is still in force, absent without such a file.',
    labels: [],
    runningOnly: true,
    *samples({ webConfig }) {
      if (webConfig) yield [{}, Number(webConfig.lastReloadSuccessful)];
    },
  },
  {
    name: 'tls_certificate_not_after_timestamp_seconds',
    help: 'When the certificate that the exporter serves stops being valid, in seconds since the epoch; absent without TLS.',
    labels: [],
    runningOnly: true,
    *samples({ webConfig }) {
      const notAfter = webConfig?.certificateNotAfter;
      if (notAfter !== undefined) yield [{}, notAfter / 1000];
    },
  },
];

/** A gauge without labels. */
function single(name: string, help: string, value: (state: SelfState) => number): SelfGauge {
  return { name, help, labels: [], samples: (state) => [[{}, value(state)]] };
}

/** A gauge with one value a scope; `undefined` for no sample. */
function ofScopes(
  name: string,
  help: string,
  value: (scope: ScopeState, state: SelfState) => number | undefined,
): SelfGauge {
  return {
    name,
    help,
    labels: ['source', 'aws_region'],
    *samples(state) {
      for (const scope of state.store.states) {
        const { region, source } = scope.scope;
        const current = value(scope, state);
        if (current !== undefined) yield [{ source, aws_region: region }, current];
      }
    },
  };
}
