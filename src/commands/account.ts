import { connectSources, packSelector } from '../connect.js';
import { OPTION_ROWS } from '../config/options.js';
import { withDeadline } from '../deadline.js';
import { lookUpAccount, type LookUp } from '../inquiries/look-up.js';
import { EXIT, type CommandModule } from './command.js';
import { ConfigurationError, readConfiguration } from './configuration.js';
import { addFlags, unclaimedArguments } from './flags.js';
import { textTable } from './text-table.js';

const ACCOUNT_ID = /^\d{12}$/;

/** Has it worked? */
export const account: CommandModule = {
  name: 'account',
  summary: 'Ask AWS about one account now, in every pack of every source and Region.',
  configure(command) {
    const flags = addFlags(command, OPTION_ROWS);
    command
      .argument('[id]', 'The account, twelve digits.')
      .option('--json', 'Print JSON.')
      .addHelpText('after', '\nThe exit code is 0 where everything could be read.');
    return async (io) => {
      const [id = '', ...rest] = command.args;
      const problems = [...unclaimedArguments(command, 1)];
      if (!ACCOUNT_ID.test(id) || rest.length > 0) {
        problems.push({ path: 'account', message: `name one account by its twelve digits` });
      }
      if (problems.length > 0) throw new ConfigurationError(problems);
      const config = await readConfiguration({ flags, problems }, io);
      const sources = connectSources(config, {});
      try {
        const scopes = sources.flatMap((source) =>
          source.regions.map((region) => ({
            scope: { source: source.name, region },
            api: source.config(region),
          })),
        );
        const selects = packSelector(config.options);
        const found = await withDeadline(io.stop, config.options['refresh.timeout'], (signal) =>
          lookUpAccount({ accountId: id, scopes, selects, signal }),
        );
        const { json } = command.opts<{ json?: true }>();
        io.stdout.write(json ? asJson(found) : table(found));
        for (const failure of json ? [] : found.failures) {
          io.stderr.write(`${placeOf(failure)} could not be read: ${failure.message}\n`);
        }
        return found.failures.length === 0 ? EXIT.ok : EXIT.failure;
      } finally {
        for (const source of sources) source.destroy();
      }
    };
  },
};

function placeOf({ pack, region, source }: LookUp['failures'][number]): string {
  return [pack, 'in', region, 'of', source].filter(Boolean).join(' ');
}

const HEAD = ['SOURCE', 'REGION', 'PACK', 'STATUS', 'SINCE', 'ERROR'];

function table({ failures, rows }: LookUp): string {
  // Of what could not be read nobody knows whether there are packs.
  if (rows.length === 0) return failures.length === 0 ? 'No packs.\n' : '';
  const cells = rows.map(({ pack, region, report, source, standing }) => [
    source,
    region,
    pack,
    report?.status ?? standing,
    isoTime(report?.updatedAt) ?? '',
    [report?.errorCode, report?.errorMessage].filter(Boolean).join(': '),
  ]);
  return textTable([HEAD, ...cells]);
}

/** Described in docs/command-json.md. */
function asJson({ failures, rows }: LookUp): string {
  const told = rows.map(({ report, ...row }) => ({
    ...row,
    report: report && { ...report, updatedAt: isoTime(report.updatedAt) },
  }));
  return `${JSON.stringify({ rows: told, failures }, undefined, 2)}\n`;
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
