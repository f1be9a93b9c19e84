import { once } from 'node:events';
import type { Config } from '../config/load.js';
import { environmentName, filePath, OPTION_ROWS, type OptionName } from '../config/options.js';
import type { Problem } from '../config/problem.js';
import { endsWithin } from '../deadline.js';
import { createExporter } from '../exporter.js';
import { ListenError } from '../http/server.js';
import { sleep } from '../refresh/loop.js';
import {
  checkStateFile,
  noAnswer,
  START_DEADLINE_MS,
  StateFileError,
} from '../refresh/state-file.js';
import { VERSION } from '../version.js';
import { EXIT, type CommandModule, type Io } from './command.js';
import { readConfiguration } from './configuration.js';
import { DEMO_DEFAULTS, startDemo } from './demo.js';
import { addDemo } from './demo-flag.js';
import { addFlags, unclaimedArguments } from './flags.js';
import { openLog } from './open-log.js';

const EXAMPLE: OptionName = 'refresh.page-size';
/** How else than by flags the options can be given. */
export const EQUIVALENTS = `
Each of these flags but --config.check and --demo has an environment variable, such as ${environmentName(EXAMPLE)}
for --${EXAMPLE}, and a key in the file, such as ${filePath(EXAMPLE).join(': ')}.`;

/** The daemon. */
export const serve: CommandModule = {
  name: 'serve',
  summary: 'Read AWS in the background and serve the metrics. The default command.',
  configure(command) {
    command.option(
      '--config.check',
      'Check the configuration, say what is wrong with it, and exit.',
    );
    const demo = addDemo(command);
    const flags = addFlags(command, OPTION_ROWS);
    command.addHelpText('after', EQUIVALENTS);
    return async (io) => {
      const { 'config.check': checkOnly } = command.opts<{ 'config.check'?: true }>();
      const problems: Problem[] = [...unclaimedArguments(command)];
      const { scenario } = demo(problems);
      const defaults = scenario === undefined ? {} : { defaults: DEMO_DEFAULTS };
      const read = () => readConfiguration({ flags, problems, serves: true, ...defaults }, io);
      const given = await read();
      if (checkOnly) {
        await warnOfStateFile(given, io);
        io.stdout.write('The configuration is valid.\n');
        return EXIT.ok;
      }
      const logger = openLog(given, io);
      const simulation = scenario === undefined ? undefined : await startDemo(scenario, given);
      const adapt = simulation?.adapt ?? ((config: Config) => config);
      const config = adapt(given);
      const exporter = createExporter(config, {
        readConfig: async () => adapt(await read()),
        clock: Date.now,
        random: Math.random,
        sleep,
        logger,
        version: VERSION,
        ...(simulation && { aws: simulation.aws }),
      });
      try {
        const urls = await exporter.start();
        const scopes = config.sources.reduce((sum, { regions }) => sum + regions.length, 0);
        io.onReload(() => void exporter.reload());
        logger.info({ event: 'started', version: VERSION, urls, scopes }, 'Listening');
        if (!io.stop.aborted) await once(io.stop, 'abort');
        logger.info({ event: 'stopping' }, 'Stopping');
        await exporter.stop();
        return EXIT.ok;
      } catch (error) {
        if (!(error instanceof ListenError)) throw error;
        logger.error({ event: 'listen_failed' }, error.message);
        return EXIT.failure;
      } finally {
        await simulation?.stop();
      }
    };
  },
};

/** Only a warning: the exporter works without the file, and may be meant to run elsewhere. */
async function warnOfStateFile({ options }: Config, { stderr }: Io): Promise<void> {
  const path = options['state.file'];
  if (path === undefined) return;
  try {
    if (!(await endsWithin(START_DEADLINE_MS, checkStateFile(path)))) throw noAnswer(path);
  } catch (error) {
    if (!(error instanceof StateFileError)) throw error;
    stderr.write(`Warning: --state.file: ${path}: ${error.message}\n`);
  }
}
