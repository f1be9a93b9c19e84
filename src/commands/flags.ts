import { Option as Flag, type Command } from 'commander';
import { toggle } from '../config/kinds.js';
import { rowsOf, type Option, type Purpose, type ValuesOf } from '../config/option.js';
import { OPTION_ROWS, purposeOf, type OptionName } from '../config/options.js';
import { unknown, type Problem } from '../config/problem.js';
import { givenAs, readValues } from '../config/values.js';

/**
 * Adds a flag for each row of a table of options. The map that it returns holds the texts given with
 * each flag, once the command line has been read. The help has those that are shown.
 */
export function addFlags<Name extends string>(
  command: Command,
  rows: readonly (readonly [Name, Option])[],
  isShown: (name: Name) => boolean = () => true,
): ReadonlyMap<Name, readonly string[]> {
  const texts = new Map<Name, string[]>();
  const give = (name: Name, text: string) => {
    const given = texts.get(name);
    if (given) given.push(text);
    else texts.set(name, [text]);
  };
  for (const [name, option] of rows) {
    const add = (flag: string, help: string, hidden = false) =>
      command.addOption(
        new Flag(flag, help).helpGroup(headingOf(name)).hideHelp(hidden || !isShown(name)),
      );
    if (option.kind === toggle) {
      const on = option.default === 'true';
      add(`--${name}`, option.help, on);
      add(`--no-${name}`, negated(option.help), !on);
      command
        .on(`option:${name}`, () => give(name, 'true'))
        .on(`option:no-${name}`, () => give(name, 'false'));
    } else {
      add(`--${name} <${option.kind.placeholder ?? 'value'}>`, helpOf(option));
      command.on(`option:${name}`, (text: string) => give(name, text));
    }
  }
  return texts;
}

/**
 * Adds the flags of a command's own. What it returns reads them, once the command line has been read, and
 * adds what is wrong to `problems`.
 */
export function addOwnFlags<Table extends Readonly<Record<string, Option>>>(
  command: Command,
  table: Table,
): (problems: Problem[]) => ValuesOf<Table> {
  const rows = rowsOf<keyof Table & string>(table);
  const texts = addFlags(command, rows);
  return (problems) => {
    const given = givenAs(texts, (name) => `--${name}`);
    return readValues<Table>(rows, (name) => given.get(name), problems);
  };
}

/**
 * Adds the flags of the configuration. All of them are taken, since one configuration serves all
 * commands; the help has those that do something for this one.
 */
export function addConfigFlags(
  command: Command,
  purposes: readonly Purpose[],
): ReadonlyMap<OptionName, readonly string[]> {
  const texts = addFlags(command, OPTION_ROWS, (name) => purposes.includes(purposeOf(name)));
  command.addHelpText(
    'after',
    '\nThe other options of the configuration are taken too, and do nothing here: one serves all commands.',
  );
  return texts;
}

/** `--refresh.*:` for `refresh.interval`. */
function headingOf(name: string): string {
  const [section = '', rest] = name.split('.');
  return rest === undefined ? 'Options:' : `--${section}.*:`;
}

function helpOf({ default: fallback, help }: Option): string {
  return fallback === undefined ? help : `${help} (default: ${fallback})`;
}

/** The help of a switch is an order, and that of its opposite the contrary. */
function negated(help: string): string {
  return `Do not ${help.charAt(0).toLowerCase()}${help.slice(1)}`;
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
    const [name = '', value] = argument.split('=');
    const isFlag = argument.startsWith('-');
    if (isFlag) {
      const message =
        value !== undefined && flags.includes(name)
          ? `is a switch and has no value; write ${switchFor(name, value, flags)}`
          : unknown('flag', name, flags);
      problems.push({ path: name, message });
    } else if (!afterUnknownFlag && claimable-- <= 0) {
      const message = operands > 0 ? 'is one too many' : unknown('command', argument, commands);
      problems.push({ path: argument, message });
    }
    // What follows an unknown flag may be its value.
    afterUnknownFlag = isFlag && value === undefined;
  }
  return problems;
}

/** The switch that does what somebody wanted of one with a value. */
function switchFor(name: string, value: string, flags: readonly string[]): string {
  const opposite = name.startsWith('--no-') ? `--${name.slice(5)}` : `--no-${name.slice(2)}`;
  return value === 'false' && flags.includes(opposite) ? opposite : name;
}
