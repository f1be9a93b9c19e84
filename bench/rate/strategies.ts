import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { DEFAULT_MAX_ATTEMPTS } from '@smithy/core/retry';
import { createConfigApi } from '../../src/aws/config-api.js';
import { withConcurrency } from '../../src/aws/limits.js';
import { TRIES } from '../../src/aws/pace.js';
import { createPacer } from '../../src/aws/pacer.js';
import type { ConfigApi, RequestObserver } from '../../src/aws/port.js';
import { createAwsSource, DEFAULT_TRANSPORT } from '../../src/aws/source.js';
import { REGION, type SimulatorReady } from '../simulated.js';

/** How calls are held to a limit that nobody knows. */
export const STRATEGIES = {
  /** Calls start evenly at the configured rate; the SDK retries as it does by default. */
  'SDK standard': (to: Limits) => ofSdk('standard', to),
  /** The same, with the SDK's own adaptive mode. */
  'SDK adaptive': (to: Limits) => ofSdk('adaptive', to),
  /** The exporter as it is. */
  exporter: ofExporter,
} as const;
export type Strategy = keyof typeof STRATEGIES;

export interface Limits {
  readonly simulator: SimulatorReady;
  /** Calls in flight. */
  readonly concurrency: number;
  /** Calls a second, as configured. */
  readonly perSecond: number;
}

export interface Connection {
  readonly api: ConfigApi;
  readonly destroy: () => void;
}

/** As many as the exporter makes of a throttled request, so that the way of waiting is what differs. */
const ATTEMPTS = TRIES * DEFAULT_MAX_ATTEMPTS;

const nobody: RequestObserver = { attempt: () => undefined, rate: () => undefined };

function ofExporter({ concurrency, perSecond, simulator }: Limits): Connection {
  const source = createAwsSource(
    {},
    {
      ...DEFAULT_TRANSPORT,
      maxSockets: concurrency,
      requestsPerSecond: perSecond,
      endpoint: simulator.url,
      credentials: simulator.credentials,
    },
  );
  const api = withConcurrency(source.configApi(REGION, nobody), concurrency);
  return { api, destroy: () => source.destroy() };
}

/** By default it gives up after three attempts. */
function ofSdk(retryMode: string, { concurrency, perSecond, simulator }: Limits): Connection {
  const { credentials, url: endpoint } = simulator;
  const client = new ConfigServiceClient({
    region: REGION,
    endpoint,
    credentials,
    retryMode,
    maxAttempts: ATTEMPTS,
  });
  const api = withConcurrency(evenly(createConfigApi(client, REGION), perSecond), concurrency);
  return { api, destroy: () => client.destroy() };
}

/** Calls start one after the other at a rate that never changes; retries are none of its business. */
function evenly(api: ConfigApi, perSecond: number): ConfigApi {
  const pacer = createPacer({ perSecond });
  const inTurn = async <T>(signal: AbortSignal, call: () => Promise<T>) => {
    await pacer.turn(signal);
    return call();
  };
  return {
    packStatuses: (page) => inTurn(page.signal, () => api.packStatuses(page)),
    packs: (page) => inTurn(page.signal, () => api.packs(page)),
    packAccounts: (pack, page) => inTurn(page.signal, () => api.packAccounts(pack, page)),
    packAccount: (pack, accountId, signal) =>
      inTurn(signal, () => api.packAccount(pack, accountId, signal)),
  };
}
