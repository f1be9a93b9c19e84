import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.js';
import { account } from './account.js';
import { EXIT, type CommandModule, type Io } from './command.js';
import { doctor } from './doctor.js';
import { once } from './once.js';
import { plan } from './plan.js';
import { EQUIVALENTS, serve } from './serve.js';
import { simulate } from './simulate.js';
import { tellingTroubles, troubleText } from './troubles.js';
import { tellWarning } from './warnings.js';

/** Every command; the first is what runs when none is named. */
const COMMANDS: readonly CommandModule[] = [serve, once, doctor, account, plan, simulate];

/** Runs the program and resolves with its exit code. `argv` begins behind the program's own name. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok;
  io.onWarning((warning) => tellWarning(warning, io.stderr));
  const program: Command = new Command('conformance-pack-exporter')
    .description(
      'Prometheus exporter for the deployment status of AWS Config organization conformance packs.',
    )
    .version(
      `conformance-pack-exporter ${VERSION}`,
      '--version',
      'Print the version of this program.',
    )
    .helpOption('-h, --help', 'Print this help.')
    .helpCommand('help [command]', 'Print the help of a command.')
    .addHelpText('after', () => `\n${program.commands[0]?.helpInformation() ?? ''}${EQUIVALENTS}`);
  configureOutput(program, io);
  for (const [index, { configure, name, summary }] of COMMANDS.entries()) {
    const command = program.command(name, { isDefault: index === 0 }).description(summary);
    configureOutput(command, io);
    command
      .helpOption('-h, --help', 'Print this help.')
      .allowUnknownOption()
      .allowExcessArguments();
    const action = configure(command);
    command.action(async () => {
      exitCode = await tellingTroubles(io, () => action(io));
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
}

function configureOutput(command: Command, { stderr, stdout }: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    outputError: (text, write) => write(inOurWords(text)),
  });
}

/** The parser gives up at a flag without its value, so that this is told alone. */
function inOurWords(error: string): string {
  const [, flag, placeholder] = /^error: option '(\S+) (.+)' argument missing/.exec(error) ?? [];
  if (flag === undefined || placeholder === undefined) return error;
  return troubleText('command line', [{ path: flag, message: `needs a value: ${placeholder}` }]);
}
