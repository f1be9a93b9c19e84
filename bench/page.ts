import { table } from '../docs/markdown.js';
import type { Section } from './benchmark.js';
import { BENCHMARKS } from './benchmarks.js';
import type { Machine } from './machine.js';
import { drawPlot } from './plot.js';
import { readResult } from './results.js';

interface Kept {
  readonly name: string;
  readonly machine: Machine;
  readonly section: Section;
}

function kept(): readonly Kept[] {
  return Object.entries(BENCHMARKS).flatMap(([name, { present }]) => {
    const result = readResult(name);
    return result ? [{ name, machine: result.machine, section: present(result.data) }] : [];
  });
}

/** The page about performance, from what the benchmarks measured last. */
export function performancePage(): string {
  return `# Performance

Every figure on this page was measured by \`npm run bench -- <name> --keep\`, together with its baseline in
the same run; \`npm run docs\` generates the page from the results. Ratios carry over to other machines better
than times do.

${kept().map(sectionText).join('\n')}`;
}

function sectionText({ machine, name, section }: Kept): string {
  const { cores, date, memoryGb, node, platform, processor } = machine;
  const plots = section.plots.map(
    ({ name: file, title, x, y }) =>
      `![${title} in ${y}, against ${x}, on logarithmic axes](performance/${file}.svg)\n`,
  );
  const tables = section.tables.map(({ head, rows }) => table(head, rows));
  return [
    `## ${section.title}\n`,
    `${section.text}\n`,
    ...tables,
    ...plots,
    `_\`npm run bench -- ${name}\`, ${date}: ${processor}, ${cores} cores, ${memoryGb} GB, ${platform}, Node.js ${node.slice(1)}._\n`,
  ].join('\n');
}

/** The plots of that page, by the name of their file below `docs`. */
export function performancePlots(): Readonly<Record<string, () => string>> {
  return Object.fromEntries(
    kept().flatMap(({ section }) =>
      section.plots.map((plot) => [`performance/${plot.name}.svg`, () => drawPlot(plot)]),
    ),
  );
}
