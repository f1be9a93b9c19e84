import { pipeline } from 'node:stream/promises';
import type { Transport } from '../aws/source.js';
import { createCollector } from '../collector.js';
import type { Config } from '../config/load.js';
import { text } from '../config/kinds.js';
import { one } from '../config/option.js';
import { VERSION } from '../version.js';
import { EXIT, type CommandModule, type Io } from './command.js';
import { addDemo } from './demo-flag.js';
import { addConfigFlags, addOwnFlags, unclaimedArguments } from './flags.js';
import { onAws } from './on-aws.js';
import { openLog } from './open-log.js';
import { outputFile, type OutputFile } from './output-file.js';
import { showProgress } from './progress-line.js';

const OUTPUT = one(
  text(
    'file',
    /\.prom$/,
    "a file that node_exporter's textfile collector reads; write for example packs.prom, or leave it out to print",
  ),
  "Write to this file instead, as a whole or not at all, for node_exporter's textfile collector, which reads *.prom only.",
);

/** One refresh, for a cron job or a look. */
export const once: CommandModule = {
  name: 'once',
  summary: 'Read AWS once and print the metrics; the exit code tells whether all could be read.',
  configure(command) {
    const own = addOwnFlags(command, { output: OUTPUT });
    const demo = addDemo(command);
    const flags = addConfigFlags(command, ['asking', 'selecting', 'telling', 'logging']);
    return async (io) => {
      const problems = [...unclaimedArguments(command)];
      const { scenario } = demo(problems);
      const { output } = own(problems);
      return onAws({ flags, problems, scenario }, io, async (config, aws) => {
        const file = output === undefined ? undefined : outputFile(output);
        // Now, and not after a refresh of many minutes.
        await file?.check();
        return readOnce(config, aws, file, io);
      });
    };
  },
};

async function readOnce(
  config: Config,
  aws: Partial<Transport>,
  file: OutputFile | undefined,
  io: Io,
): Promise<number> {
  const collector = createCollector(config, {
    clock: Date.now,
    logger: openLog(config, io),
    version: VERSION,
    lifetime: 'file',
    aws,
  });
  const hideProgress = io.watched
    ? showProgress({ store: collector.store, terminal: io.stderr })
    : () => undefined;
  try {
    const { scopes, sources: others } = collector.refreshers;
    await Promise.all([...scopes, ...others].map((refresher) => refresher.refresh(io.stop)));
    hideProgress();
    if (io.stop.aborted) return EXIT.failure;
    const exposition = collector.expose('text', 'identity');
    if (file === undefined) await pipeline(exposition, io.stdout, { end: false });
    else await file.write(exposition);
  } finally {
    hideProgress();
    collector.destroy();
  }
  const complete =
    collector.refreshers.sources.every((refresher) => refresher.complete) &&
    collector.store.states.every(({ lastRefresh }) => lastRefresh?.failures.length === 0);
  return complete ? EXIT.ok : EXIT.failure;
}
