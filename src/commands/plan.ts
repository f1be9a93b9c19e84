import { AwsError } from '../aws/errors.js';
import type { RequestObserver } from '../aws/port.js';
import { connectSources, packSelector, type ConnectedSource } from '../connect.js';
import { formatDuration } from '../config/duration.js';
import { integer } from '../config/kinds.js';
import { one } from '../config/option.js';
import { OPTION_ROWS, type Options } from '../config/options.js';
import { readValues } from '../config/values.js';
import { withDeadline } from '../deadline.js';
import { forecast, type Forecast } from '../inquiries/forecast.js';
import { readRollUps } from '../refresh/readers.js';
import { listAccounts } from '../refresh/read-organization.js';
import { EXIT, type CommandModule } from './command.js';
import { ConfigurationError, readConfiguration } from './configuration.js';
import { addFlags, unclaimedArguments } from './flags.js';
import { textTable } from './text-table.js';

const ACCOUNTS = one(
  integer({ min: 1, max: 100_000 }),
  'Accounts to which packs are deployed; without it as many active ones as AWS Organizations lists.',
);

/** What will it cost? */
export const plan: CommandModule = {
  name: 'plan',
  summary: 'Tell from one listing of the packs how many calls, how long and how many samples.',
  configure(command) {
    const flags = addFlags(command, OPTION_ROWS);
    const own = addFlags(command, [['accounts', ACCOUNTS]]);
    command.option('--json', 'Print JSON.');
    return async (io) => {
      const problems = [...unclaimedArguments(command)];
      const { accounts: given } = readValues<{ accounts: typeof ACCOUNTS }>(
        [['accounts', ACCOUNTS]],
        () => {
          const texts = own.get('accounts');
          return texts && { origin: '--accounts', texts };
        },
        problems,
      );
      const config = await readConfiguration({ flags, problems }, io);
      const { options } = config;
      const latency = new Latency();
      const sources = connectSources(config, { observer: () => latency });
      try {
        const [accounts, scopes] = await withDeadline(
          io.stop,
          options['refresh.timeout'],
          async (signal) => [
            given ?? (await countAccounts(sources, signal)),
            await listPacks(sources, options, signal),
          ],
        );
        const made = forecast({
          scopes,
          accounts,
          pageSize: options['refresh.page-size'],
          requestsPerSecond: options['refresh.requests-per-second'],
          concurrency: options['refresh.concurrency'],
          latencyMs: latency.meanMs,
          ages: options['accounts.age'] !== 'never',
        });
        const { json } = command.opts<{ json?: true }>();
        io.stdout.write(
          json
            ? `${JSON.stringify({ accounts, ...made }, undefined, 2)}\n`
            : report(made, accounts, options),
        );
        return EXIT.ok;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        io.stderr.write(`${error.message}\n`);
        return EXIT.failure;
      } finally {
        for (const source of sources) source.destroy();
      }
    };
  },
};

/** How long AWS took for its answers. */
class Latency implements RequestObserver {
  #seconds = 0;
  #answers = 0;

  attempt(_operation: string, seconds: number): void {
    this.#seconds += seconds;
    this.#answers++;
  }

  rate(): void {
    // What a listing of a few calls finds is not worth telling.
  }

  get meanMs(): number {
    return this.#answers === 0 ? 0 : (this.#seconds / this.#answers) * 1000;
  }
}

async function countAccounts(
  sources: readonly ConnectedSource[],
  signal: AbortSignal,
): Promise<number> {
  const [source] = sources;
  if (source === undefined) throw new RangeError('no source');
  try {
    const accounts = await listAccounts(source.organizations, signal);
    return accounts.filter(({ state }) => state === 'ACTIVE').length;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const message = `is needed, since AWS Organizations does not tell: ${error.message}`;
    throw new ConfigurationError([{ path: '--accounts', message }]);
  }
}

function listPacks(sources: readonly ConnectedSource[], options: Options, signal: AbortSignal) {
  const selects = packSelector(options);
  const paging = { pageSize: options['refresh.page-size'], signal };
  return Promise.all(
    sources.flatMap((source) =>
      source.regions.map(async (region) => {
        const packs = await readRollUps(source.config(region), paging);
        const names = [...packs.keys()].filter(selects);
        return { scope: { source: source.name, region }, packs: names.length };
      }),
    ),
  );
}

const number = (value: number) => value.toLocaleString('en');
const duration = (ms: number) => formatDuration(Math.ceil(ms / 1000) * 1000);

function report(made: Forecast, accounts: number, options: Options): string {
  const interval = options['refresh.interval'];
  const limit = options['samples.limit'];
  const scopes = made.scopes.map(({ calls, durationMs, packs, region, source }) => [
    source,
    region,
    number(packs),
    number(calls),
    duration(durationMs),
  ]);
  const series = Object.entries(made.samples).map(([mode, samples]) => [
    mode,
    number(samples),
    limit === 0 || samples <= limit ? 'fits' : 'does not fit',
  ]);
  return [
    `${number(accounts)} accounts, ${number(made.pairs)} pairs of a pack and an account.\n\n`,
    textTable([['SOURCE', 'REGION', 'PACKS', 'CALLS', 'DURATION'], ...scopes]),
    `\nA refresh makes ${number(made.calls)} calls and takes ${duration(made.durationMs)}; `,
    made.durationMs <= interval
      ? `the interval is ${formatDuration(interval)}.\n\n`
      : `that is longer than --refresh.interval, which is ${formatDuration(interval)}: raise it, or --refresh.requests-per-second if AWS allows.\n\n`,
    textTable([['SERIES', 'SAMPLES', `LIMIT OF ${number(limit)}`], ...series]),
    '\nSamples are counted with one account in a hundred failed.\n',
    made.shards === 1
      ? 'One exporter is enough.\n'
      : `For active series let ${made.shards} shards share the packs: --shard.total=${made.shards}.\n`,
  ].join('');
}
