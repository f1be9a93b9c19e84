import { pipeline } from 'node:stream/promises';
import { createCollector } from '../collector.js';
import { OPTION_ROWS } from '../config/options.js';
import { VERSION } from '../version.js';
import { EXIT, type CommandModule } from './command.js';
import { readConfiguration } from './configuration.js';
import { addFlags, unclaimedArguments } from './flags.js';
import { openLog } from './open-log.js';
import { outputFile } from './output-file.js';
import { showProgress } from './progress-line.js';

/** One refresh, for a cron job or a look. */
export const once: CommandModule = {
  name: 'once',
  summary: 'Read AWS once and print the metrics; the exit code tells whether all could be read.',
  configure(command) {
    const flags = addFlags(command, OPTION_ROWS);
    command.option(
      '--output <file>',
      "Write to this file instead, as a whole or not at all, for node_exporter's textfile collector.",
    );
    return async (io) => {
      const problems = unclaimedArguments(command);
      const config = await readConfiguration({ flags, problems }, io);
      const { output } = command.opts<{ output?: string }>();
      const file = output === undefined ? undefined : outputFile(output);
      // Now, and not after a refresh of many minutes.
      await file?.check();
      const collector = createCollector(config, {
        clock: Date.now,
        logger: openLog(config, io),
        version: VERSION,
        lifetime: 'file',
      });
      const hideProgress = io.watched
        ? showProgress({ store: collector.store, terminal: io.stderr })
        : () => undefined;
      try {
        const { scopes, sources: others } = collector.refreshers;
        await Promise.all([...scopes, ...others].map((refresher) => refresher.refresh(io.stop)));
        hideProgress();
        if (io.stop.aborted) return EXIT.failure;
        const text = collector.expose('text', 'identity');
        if (file === undefined) await pipeline(text, io.stdout, { end: false });
        else await file.write(text);
      } finally {
        hideProgress();
        collector.destroy();
      }
      const complete =
        collector.refreshers.sources.every((refresher) => refresher.complete) &&
        collector.store.states.every(({ lastRefresh }) => lastRefresh?.failures.length === 0);
      return complete ? EXIT.ok : EXIT.failure;
    };
  },
};
