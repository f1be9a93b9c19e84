import type { Command } from 'commander';
import type { Problem } from '../config/problem.js';
import { readValues } from '../config/values.js';
import type { ScenarioName } from '../simulator/scenarios.js';
import { SCENARIO } from './demo.js';

/** What was asked for with `--demo`. */
export interface DemoFlag {
  /** `undefined` where no simulated organization is wanted. */
  readonly scenario: ScenarioName | undefined;
  /** What the parser took for a scenario and is an argument of the command. */
  readonly operands: readonly string[];
}

/**
 * Adds `--demo`. What it returns reads the flag, once the command line has been read, and adds what is
 * wrong to `problems`.
 */
export function addDemo(
  command: Command,
  isOperand: (text: string) => boolean = () => false,
): (problems: Problem[]) => DemoFlag {
  command.option(
    '--demo [scenario]',
    `Run on a simulated organization, without any AWS account; simulate --help has the scenarios. (default: ${SCENARIO.default})`,
  );
  return (problems) => {
    const { demo } = command.opts<{ demo?: true | string }>();
    if (demo === undefined) return { scenario: undefined, operands: [] };
    const operands = typeof demo === 'string' && isOperand(demo) ? [demo] : [];
    const texts = typeof demo === 'string' && operands.length === 0 ? [demo] : undefined;
    const { scenario } = readValues<{ scenario: typeof SCENARIO }>(
      [['scenario', SCENARIO]],
      () => texts && { origin: '--demo', texts },
      problems,
    );
    return { scenario, operands };
  };
}
