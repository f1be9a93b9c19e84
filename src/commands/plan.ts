import type { Writable } from 'node:stream';
import { SCOPE_OPERATIONS, type Operation, type RequestObserver } from '../aws/port.js';
import type { Transport } from '../aws/source.js';
import { packSelector, withSources, type ConnectOptions } from '../connect.js';
import type { Config } from '../config/load.js';
import { integer } from '../config/kinds.js';
import { one } from '../config/option.js';
import { withDeadline } from '../deadline.js';
import { forecast } from '../inquiries/forecast.js';
import { survey, type Survey, type SurveyProgress } from '../inquiries/survey.js';
import { EXIT, type CommandModule, type Io } from './command.js';
import { ConfigurationError } from './configuration.js';
import { addDemo } from './demo-flag.js';
import { addConfigFlags, addOwnFlags, unclaimedArguments } from './flags.js';
import { onAws } from './on-aws.js';
import { failureLines, reportPlan } from './plan-report.js';

const ACCOUNTS = one(
  integer({ min: 1, max: 100_000 }),
  'Accounts to which packs are deployed; without it as many active ones as AWS Organizations lists.',
);

/** What will it cost? */
export const plan: CommandModule = {
  name: 'plan',
  summary: 'Tell from one listing of the packs how many calls, how long and how many samples.',
  configure(command) {
    const own = addOwnFlags(command, { accounts: ACCOUNTS });
    command.option('--json', 'Print JSON.');
    const demo = addDemo(command);
    const flags = addConfigFlags(command, ['asking', 'selecting', 'repeating', 'telling']);
    command.addHelpText('after', '\nThe exit code is 0 where everything could be read.');
    return async (io) => {
      const problems = [...unclaimedArguments(command)];
      const { scenario } = demo(problems);
      const { accounts } = own(problems);
      const { json = false } = command.opts<{ json?: true }>();
      return onAws({ flags, problems, scenario }, io, (config, aws) =>
        tellPlan(config, aws, { accounts, json }, io),
      );
    };
  },
};

async function tellPlan(
  config: Config,
  aws: Partial<Transport>,
  { accounts: given, json }: { readonly accounts: number | undefined; readonly json: boolean },
  io: Io,
): Promise<number> {
  const latency = new Latency();
  const found = await surveyed(config, { aws, observer: () => latency }, given === undefined, io);
  if (io.stop.aborted) return EXIT.failure;
  const { failures, scopes } = found;
  const lines = failureLines(failures);
  if (scopes.length === 0) {
    io.stderr.write(lines);
    return EXIT.failure;
  }
  const accounts = accountsOf(config.sources, found, given);
  const made = forecast({ ...settingsOf(config), scopes, accounts, latencyMs: latency.meanMs });
  if (json) {
    const told = { accounts: Object.fromEntries(accounts), ...made, failures };
    io.stdout.write(`${JSON.stringify(told, undefined, 2)}\n`);
  } else {
    io.stdout.write(reportPlan(made, config));
    io.stderr.write(lines);
  }
  return failures.length === 0 ? EXIT.ok : EXIT.failure;
}

function settingsOf({ options, shard }: Config) {
  return {
    readsAccounts: options['collector.accounts'],
    pageSize: options['refresh.page-size'],
    requestsPerSecond: options['refresh.requests-per-second'],
    concurrency: options['refresh.concurrency'],
    sweepEvery: options['refresh.sweep-every'],
    shards: shard.total,
    samplesLimit: options['samples.limit'],
    series: options['accounts.series'],
    age: options['accounts.age'],
  };
}

async function surveyed(
  config: Config,
  to: ConnectOptions,
  countsAccounts: boolean,
  io: Io,
): Promise<Survey> {
  const { options, sources: given } = config;
  const scopes = given.reduce((sum, { regions }) => sum + regions.length, 0);
  const progress = io.watched ? progressLine(io.stderr, scopes) : undefined;
  try {
    return await withSources(config, to, (sources) =>
      withDeadline(io.stop, options['refresh.timeout'], (signal) =>
        survey({
          sources,
          selects: packSelector(options),
          countsAccounts,
          pageSize: options['refresh.page-size'],
          signal,
          onProgress: (now) => progress?.show(now),
        }),
      ),
    );
  } finally {
    progress?.clear();
  }
}

/** The accounts of a large organization take minutes to list. */
function progressLine(terminal: Writable, scopes: number) {
  const write = (line: string) => terminal.write(`\r\u001b[K${line}`);
  return {
    show: (now: SurveyProgress) =>
      write(`Reading AWS: ${now.scopes} of ${scopes} listings of packs, ${now.accounts} accounts`),
    clear: () => write(''),
  };
}

/** A source that cannot tell its accounts is taken to have as many as the largest organization known. */
function accountsOf(
  sources: Config['sources'],
  { accounts, failures }: Survey,
  given: number | undefined,
): ReadonlyMap<string, number> {
  if (given === undefined && accounts.size === 0) {
    const why = failures.find(({ region }) => region === undefined)?.message ?? '';
    const message = `is needed, since AWS Organizations does not tell: ${why}`;
    throw new ConfigurationError([{ path: '--accounts', message }], 'command line');
  }
  const most = given ?? Math.max(...accounts.values());
  return new Map(sources.map(({ name }) => [name, accounts.get(name) ?? most]));
}

const COUNTED: readonly Operation[] = SCOPE_OPERATIONS;

/** How long AWS Config took for its answers. */
class Latency implements RequestObserver {
  #seconds = 0;
  #answers = 0;

  attempt(operation: Operation, seconds: number): void {
    if (!COUNTED.includes(operation)) return;
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
