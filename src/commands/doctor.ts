import { connectSources } from '../connect.js';
import { OPTION_ROWS } from '../config/options.js';
import { withDeadline } from '../deadline.js';
import { STEPS, type Check, type CheckStatus } from '../inquiries/check.js';
import { examine } from '../inquiries/examine.js';
import { EXIT, type CommandModule } from './command.js';
import { readConfiguration } from './configuration.js';
import { addFlags, unclaimedArguments } from './flags.js';

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
    const flags = addFlags(command, OPTION_ROWS);
    command.option('--json', 'Print JSON.');
    command.addHelpText(
      'after',
      '\n✓ works; ✗ does not; ! does not and costs labels only; - was not tried.\nThe exit code is 0 where nothing has a ✗, and 1 otherwise.',
    );
    return async (io) => {
      const problems = unclaimedArguments(command);
      const config = await readConfiguration({ flags, problems }, io);
      const sources = connectSources(config, { aws: { requestTimeoutMs: REQUEST_TIMEOUT_MS } });
      try {
        const readsAccounts = config.options['collector.accounts'];
        const checks = await withDeadline(io.stop, TIMEOUT_MS, (signal) =>
          examine(sources, { readsAccounts, signal }),
        );
        const { json } = command.opts<{ json?: true }>();
        io.stdout.write(json ? `${JSON.stringify(checks, undefined, 2)}\n` : report(checks));
        const failed = checks.some(({ status }) => status === 'failed');
        return failed || io.stop.aborted ? EXIT.failure : EXIT.ok;
      } finally {
        for (const source of sources) source.destroy();
      }
    };
  },
};

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
