import type { Transport } from '../aws/source.js';
import type { Config } from '../config/load.js';
import { withSources } from '../connect.js';
import { withDeadline } from '../deadline.js';
import { STEPS, type Check, type CheckStatus } from '../inquiries/check.js';
import { examine } from '../inquiries/examine.js';
import { EXIT, type CommandModule, type Io } from './command.js';
import { addDemo } from './demo-flag.js';
import { addConfigFlags, unclaimedArguments } from './flags.js';
import { onAws } from './on-aws.js';

/** Whoever asks for the doctor waits for the answer. */
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUT_MS = 60_000;

const MARKS: Readonly<Record<CheckStatus, string>> = {
  ok: '✓',
  failed: '✗',
  optional: '!',
  skipped: '-',
};

/** Why does it not work? */
export const doctor: CommandModule = {
  name: 'doctor',
  summary: 'Try each step of a refresh, for every source and Region, and say what to mend.',
  configure(command) {
    command.option('--json', 'Print JSON.');
    const demo = addDemo(command);
    const flags = addConfigFlags(command, ['asking']);
    command.addHelpText(
      'after',
      '\n✓ works; ✗ does not; ! does not and costs labels only; - was not tried.\nThe exit code is 0 where nothing has a ✗, and 1 otherwise.',
    );
    return async (io) => {
      const problems = [...unclaimedArguments(command)];
      const { scenario } = demo(problems);
      return onAws({ flags, problems, scenario }, io, async (config, aws) => {
        const checks = await examined(config, aws, io);
        const { json } = command.opts<{ json?: true }>();
        io.stdout.write(json ? `${JSON.stringify(checks, undefined, 2)}\n` : report(checks));
        const failed = checks.some(({ status }) => status === 'failed');
        return failed || io.stop.aborted ? EXIT.failure : EXIT.ok;
      });
    };
  },
};

function examined(
  config: Config,
  aws: Partial<Transport>,
  { stop }: Io,
): Promise<readonly Check[]> {
  const readsAccounts = config.options['collector.accounts'];
  const to = { aws: { requestTimeoutMs: REQUEST_TIMEOUT_MS, ...aws } };
  return withSources(config, to, (sources) =>
    withDeadline(stop, TIMEOUT_MS, (signal) => examine(sources, { readsAccounts, signal })),
  );
}

const STEP_WIDTH = Math.max(...STEPS.map(({ length }) => length));

function report(checks: readonly Check[]): string {
  let heading = '';
  return checks
    .map((check) => {
      const place = [check.source, check.region].filter(Boolean).join(' in ');
      const head = place === heading ? '' : `${heading === '' ? '' : '\n'}${place}\n`;
      heading = place;
      return head + line(check);
    })
    .join('');
}

function line({ detail, fix, status, step }: Check): string {
  const what = `  ${MARKS[status]} ${step.padEnd(STEP_WIDTH)}  ${detail}\n`;
  return fix === undefined ? what : `${what}    ${' '.repeat(STEP_WIDTH)}  → ${fix}\n`;
}
