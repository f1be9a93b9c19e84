import { Option as Flag, type Command } from 'commander';
import { toggle } from '../config/kinds.js';
import type { Option } from '../config/option.js';
import { unknown, type Problem } from '../config/problem.js';

/**
 * Adds a flag for each row of a table of options. The map that it returns holds the texts given with
 * each flag, once the command line has been read.
 */
export function addFlags<Name extends string>(
  command: Command,
  rows: readonly (readonly [Name, Option])[],
): ReadonlyMap<Name, readonly string[]> {
  const texts = new Map<Name, string[]>();
  const give = (name: Name, text: string) => {
    const given = texts.get(name);
    if (given) given.push(text);
    else texts.set(name, [text]);
  };
  for (const [name, option] of rows) {
    const group = headingOf(name);
    const help = helpOf(option);
    if (option.kind === toggle) {
      const on = option.default === 'true';
      command
        .addOption(new Flag(`--${name}`, help).helpGroup(group).hideHelp(on))
        .addOption(new Flag(`--no-${name}`, help).helpGroup(group).hideHelp(!on))
        .on(`option:${name}`, () => give(name, 'true'))
        .on(`option:no-${name}`, () => give(name, 'false'));
    } else {
      command
        .addOption(
          new Flag(`--${name} <${option.kind.placeholder ?? 'value'}>`, help).helpGroup(group),
        )
        .on(`option:${name}`, (text: string) => give(name, text));
    }
  }
  return texts;
}

/** `--refresh.*:` for `refresh.interval`. */
function headingOf(name: string): string {
  const [section = '', rest] = name.split('.');
  return rest === undefined ? 'Options:' : `--${section}.*:`;
}

function helpOf({ default: fallback, help, kind }: Option): string {
  return fallback === undefined || kind === toggle ? help : `${help} (default: ${fallback})`;
}

/**
 * What stands on the command line and no flag has claimed. The parser lets it pass, so that it is
 * reported together with everything else that is wrong. So many `operands` the command itself takes.
 */
export function unclaimedArguments(command: Command, operands = 0): readonly Problem[] {
  const flags = command.options.map(({ long }) => long ?? '');
  const commands = (command.parent?.commands ?? []).map((sibling) => sibling.name());
  const problems: Problem[] = [];
  let afterUnknownFlag = false;
  let claimable = operands;
  for (const argument of command.args) {
    const [name = ''] = argument.split('=');
    const isFlag = argument.startsWith('-');
    if (isFlag) problems.push({ path: name, message: unknown('flag', name, flags) });
    else if (!afterUnknownFlag && claimable-- <= 0) {
      problems.push({ path: argument, message: unknown('command', argument, commands) });
    }
    // What follows an unknown flag may be its value.
    afterUnknownFlag = isFlag && !argument.includes('=');
  }
  return problems;
}
