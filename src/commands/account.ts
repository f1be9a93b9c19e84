import { AwsError } from '../aws/errors.js';
import type { Transport } from '../aws/source.js';
import type { Config } from '../config/load.js';
import type { Problem } from '../config/problem.js';
import { packSelector, withSources, type ConnectedSource } from '../connect.js';
import { withDeadline } from '../deadline.js';
import { findAccount } from '../inquiries/find-account.js';
import { lookUpAccount, type LookUp } from '../inquiries/look-up.js';
import { EXIT, type CommandModule, type Io } from './command.js';
import { ConfigurationError } from './configuration.js';
import { addDemo } from './demo-flag.js';
import { addConfigFlags, unclaimedArguments } from './flags.js';
import { onAws } from './on-aws.js';
import { textTable } from './text-table.js';

const isAccountId = (text: string) => /^\d{12}$/.test(text);

/** What is known of an account. */
interface Found extends LookUp {
  /**
   * Whether the organization has the account, or why that could not be read; `undefined` where nobody
   * asked, since a pack knows the account or the accounts are not to be read.
   */
  readonly inOrganization?: boolean | AwsError | undefined;
}

/** Has it worked? */
export const account: CommandModule = {
  name: 'account',
  summary: 'Ask AWS about one account now, in every pack of every source and Region.',
  configure(command) {
    command.argument('[id]', 'The account, twelve digits.').option('--json', 'Print JSON.');
    const demo = addDemo(command, isAccountId);
    const flags = addConfigFlags(command, ['asking', 'selecting']);
    command.addHelpText(
      'after',
      '\nThe exit code is 0 where everything could be read, and 1 otherwise or where the organization has no such account.',
    );
    return async (io) => {
      const problems: Problem[] = [];
      const { operands, scenario } = demo(problems);
      problems.push(...unclaimedArguments(command, 1 - operands.length));
      const [id, ...others] = [...operands, ...command.args].filter(isAccountId);
      if (id === undefined || others.length > 0) {
        problems.push({ path: 'account', message: `name one account by its twelve digits` });
        throw new ConfigurationError(problems, 'command line');
      }
      return onAws({ flags, problems, scenario }, io, async (config, aws) => {
        const found = await lookedUp(id, config, aws, io);
        const { json } = command.opts<{ json?: true }>();
        io.stdout.write(json ? asJson(found) : report(id, found));
        for (const failure of json ? [] : found.failures) {
          io.stderr.write(`${subjectOf(failure)} could not be read: ${failure.message}\n`);
        }
        const { inOrganization } = found;
        if (json && inOrganization instanceof AwsError) {
          io.stderr.write(`The accounts could not be read: ${inOrganization.message}\n`);
        }
        // A script that has mistaken the account would take any other answer for a good one.
        const isMistaken = inOrganization === false || inOrganization instanceof AwsError;
        const complete = found.failures.length === 0 && !isMistaken;
        return complete && !io.stop.aborted ? EXIT.ok : EXIT.failure;
      });
    };
  },
};

function lookedUp(
  accountId: string,
  config: Config,
  aws: Partial<Transport>,
  io: Io,
): Promise<Found> {
  const { options } = config;
  return withSources(config, { aws }, (sources) =>
    withDeadline(io.stop, options['refresh.timeout'], async (signal) => {
      const scopes = scopesOf(sources);
      const selects = packSelector(options);
      const found = await lookUpAccount({ accountId, scopes, selects, signal });
      if (!isUnheardOf(found) || !options['collector.accounts']) return found;
      return { ...found, inOrganization: await findAccount({ accountId, sources, signal }) };
    }),
  );
}

/** Whether there are packs, and none knows the account. */
function isUnheardOf({ rows }: LookUp): boolean {
  return rows.length > 0 && rows.every(({ standing }) => standing === 'not reported');
}

function scopesOf(sources: readonly ConnectedSource[]) {
  return sources.flatMap((source) =>
    source.regions.map((region) => ({
      scope: { source: source.name, region },
      api: source.config(region),
    })),
  );
}

function subjectOf({ pack, region, source }: LookUp['failures'][number]): string {
  return `${pack ?? 'The packs'} in ${region} of ${source}`;
}

function report(id: string, found: Found): string {
  const { failures, rows } = found;
  // Of what could not be read nobody knows whether there are packs.
  if (rows.length === 0) return failures.length === 0 ? 'No packs.\n' : '';
  return isUnheardOf(found) ? `${table(rows)}\n${unheardOfText(id, found)}\n` : table(rows);
}

function unheardOfText(id: string, { failures, inOrganization }: Found): string {
  const noPack = `No pack ${failures.length === 0 ? '' : 'that could be read '}reports ${id}`;
  if (inOrganization instanceof AwsError) {
    return `${noPack}. Whether the organization has it could not be read: ${inOrganization.message}`;
  }
  if (inOrganization === undefined) return `${noPack}.`;
  return inOrganization
    ? `${noPack}, which is an account of the organization.`
    : `${noPack}, and the organization has no such account.`;
}

const HEAD = ['SOURCE', 'REGION', 'PACK', 'STATUS', 'SINCE', 'ERROR'];

function table(rows: LookUp['rows']): string {
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
function asJson({ failures, inOrganization, rows }: Found): string {
  const told = {
    rows: rows.map(({ report, ...row }) => ({
      ...row,
      report: report && { ...report, updatedAt: isoTime(report.updatedAt) },
    })),
    inOrganization: inOrganization instanceof AwsError ? undefined : inOrganization,
    failures,
  };
  return `${JSON.stringify(told, undefined, 2)}\n`;
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
