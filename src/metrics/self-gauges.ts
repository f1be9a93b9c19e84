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
    'Whether the last refresh of the scope was successful: 0 if the list of packs or any pack could not be read; absent before the first refresh.',
    ({ lastRefresh }) => lastRefresh && Number(lastRefresh.successful),
  ),
  ofScopes(
    'refresh_duration_seconds',
    'Duration of the last refresh of the scope.',
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
      'Configured time between reads of the accounts of a pack that is complete or deleted; all other packs are read in each refresh.',
      (_, { settings }) => settings.sweepIntervalMs / 1000,
    ),
    runningOnly: true,
  },
  ofScopes(
    'refresh_last_success_timestamp_seconds',
    'When the last successful refresh of the scope ended, in seconds since the epoch; 0 before the first.',
    ({ lastSuccessAt }) => (lastSuccessAt ?? 0) / 1000,
  ),
  {
    ...ofScopes(
      'refresh_progress_ratio',
      'Progress of the current refresh, from 0 to 1; 1 between refreshes.',
      ({ lastRefresh, progress }) =>
        progress ? progress.done / progress.expected : Number(lastRefresh !== undefined),
    ),
    runningOnly: true,
  },
  {
    ...ofScopes(
      'api_requests_per_second_limit',
      'Current rate limit for requests to AWS Config in the scope, per second: the configured limit, or less after throttling.',
      ({ scope }, { rateOf }) => rateOf(scope),
    ),
    runningOnly: true,
  },
  ofScopes(
    'packs',
    'Packs that AWS lists in the scope, before filtering.',
    ({ snapshot }) => snapshot?.listed.size,
  ),
  {
    name: 'source_info',
    help: 'Always 1; the labels identify the account, organization and partition of the credentials of the source.',
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
    help: 'When the accounts of the organization were last read completely, in seconds since the epoch; 0 before the first time, absent if they are not collected.',
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
    help: 'Always 1; the label gives the version of the exporter.',
    labels: ['version'],
    samples: ({ version }) => [[{ version }, 1]],
  },
  {
    name: 'shards',
    help: 'Number of shards that the packs are distributed among, 1 if not sharded; the label gives the index of this one.',
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
    'Samples about packs and accounts in this exposition.',
    ({ view }) => view()?.samples ?? 0,
  ),
  single(
    'samples_limit',
    'Configured limit on samples about packs and accounts; 0 for no limit.',
    ({ settings }) => settings.samplesLimit,
  ),
  {
    name: 'account_series_mode',
    help: 'Current account-series mode, which decides how much is exposed per account: 1 for the current mode, 0 for the others.',
    labels: ['mode'],
    *samples({ view }) {
      const current = view()?.plan.detail.mode;
      for (const mode of SERIES_MODES) yield [{ mode }, Number(mode === current)];
    },
  },
  {
    ...single(
      'config_last_reload_successful',
      'Whether the last configuration reload was successful; 0 while the previous configuration is still in effect.',
      ({ configuration }) => Number(configuration.successful),
    ),
    runningOnly: true,
  },
  {
    ...single(
      'config_last_reload_success_timestamp_seconds',
      'When the configuration was last reloaded successfully, in seconds since the epoch.',
      ({ configuration }) => configuration.successAt / 1000,
    ),
    runningOnly: true,
  },
  {
    name: 'state_last_write_successful',
    help: 'Whether the last write of the state file was successful; 0 if a restart would begin with older data or none. Absent before the first write and without a state file.',
    labels: [],
    runningOnly: true,
    *samples({ stateFile }) {
      if (stateFile) yield [{}, Number(stateFile.successful)];
    },
  },
  {
    name: 'state_last_write_success_timestamp_seconds',
    help: 'When the state file was last written successfully, in seconds since the epoch; 0 if it never was. Absent before the first write and without a state file.',
    labels: [],
    runningOnly: true,
    *samples({ stateFile }) {
      if (stateFile) yield [{}, (stateFile.writtenAt ?? 0) / 1000];
    },
  },
  {
    name: 'web_config_last_reload_successful',
    help: 'Whether the last reload of the web configuration file was successful; 0 while its previous content is still in effect. Absent without such a file.',
    labels: [],
    runningOnly: true,
    *samples({ webConfig }) {
      if (webConfig) yield [{}, Number(webConfig.lastReloadSuccessful)];
    },
  },
  {
    name: 'tls_certificate_not_after_timestamp_seconds',
    help: 'When the certificate that the exporter serves expires, in seconds since the epoch; absent without TLS.',
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
