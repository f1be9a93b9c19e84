import { mkdir, writeFile } from 'node:fs/promises';
import { table } from '../docs/markdown.js';
import { BENCHMARKS } from './benchmarks.js';
import { thisMachine } from './machine.js';
import { RESULTS, resultPath, type Result } from './results.js';

/** Runs one benchmark and prints what it measured. */

const USAGE = `npm run bench -- <name> [--json] [--keep]

${Object.entries(BENCHMARKS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join('\n')}

--json prints JSON instead of tables. --keep writes the result to docs/performance as well, from which
npm run docs makes docs/performance.md.
`;

const [name = '', ...flags] = process.argv.slice(2);
const chosen = BENCHMARKS[name];
const unknown = flags.filter((flag) => flag !== '--json' && flag !== '--keep');
if (chosen === undefined || unknown.length > 0) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const machine = thisMachine();
  const data = await chosen.measure((line) => process.stderr.write(`${line}\n`));
  const result: Result = { machine, data };
  if (flags.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ name, ...result })}\n`);
  } else {
    for (const { head, rows } of chosen.present(data).tables) {
      process.stdout.write(`${table(head, rows)}\n`);
    }
  }
  if (flags.includes('--keep')) {
    await mkdir(RESULTS, { recursive: true });
    await writeFile(resultPath(name), `${JSON.stringify(result, undefined, 2)}\n`);
  }
}
