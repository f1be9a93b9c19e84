import type { JSX } from 'preact';
import type { AccountCounts, CoverageStatus, PackStatus } from '../../status/pack-status.js';
import { sharesOf } from './bar.js';
import { grouped } from './words.js';

/** What accounts are counted as, the gravest first. */
const PARTS = [
  { name: 'failed', text: 'failed' },
  { name: 'missing', text: 'missing' },
  { name: 'unknown', text: 'unknown' },
  { name: 'progress', text: 'in progress' },
  { name: 'good', text: 'done' },
] as const;
type PartName = (typeof PARTS)[number]['name'];

/** What is drawn upon each part, in a square of 6, so that nothing is told by colour alone. */
const DRAWINGS: Readonly<Record<PartName, string | undefined>> = {
  failed: 'M-1 7L7-1M-1 1L1-1M5 7L7 5',
  missing: 'M1.5 1.5h1.5M4.5 4.5h1.5',
  unknown: 'M0 3h6',
  progress: 'M3 0v6',
  good: undefined,
};

/** Patterns that the bars of a page are filled with; once a page. */
export function BarPatterns(): JSX.Element {
  return (
    <svg class="patterns" aria-hidden="true">
      <defs>
        {PARTS.map(({ name }) => (
          <pattern
            key={name}
            id={`fill-${name}`}
            class={`part-${name}`}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
          >
            <rect width="6" height="6" class="ground" />
            {DRAWINGS[name] !== undefined && <path d={DRAWINGS[name]} />}
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

/** Failed accounts that are no cause for alarm. */
export function excusedIn(coverage: CoverageStatus | undefined): number {
  return coverage === undefined ? 0 : coverage.excused.new + coverage.excused.inactive;
}

/** The accounts of a pack by what became of them: as a bar, and in words. */
export function RolloutBar({ pack }: { readonly pack: PackStatus }): JSX.Element {
  const { accounts, coverage } = pack;
  if (accounts === undefined) return <span class="faint">{absence(pack)}</span>;
  const counts = countsOf(accounts, coverage);
  const excused = excusedIn(coverage);
  const total = counts.reduce((sum, [, number]) => sum + number, 0);
  if (total === 0) return <span class="faint">AWS reports no account</span>;
  const words = PARTS.flatMap(({ name, text }) => {
    const number = counts.find(([part]) => part === name)?.[1] ?? 0;
    return number === 0 && name !== 'good' ? [] : [{ name, text, number }];
  });
  return (
    <div class="rollout">
      <svg class="bar" aria-hidden="true">
        {sharesOf(counts).map(({ name, start, width }) => (
          <rect
            key={name}
            x={`${start.toFixed(2)}%`}
            width={`${width.toFixed(2)}%`}
            height="100%"
            fill={`url(#fill-${name})`}
          />
        ))}
      </svg>
      <span class="rollout-words">
        {words.map(({ name, number, text }) => (
          <span key={name} class={number === 0 ? 'faint' : `part-${name}`}>
            {grouped(number)}
            {name === 'good' ? ` of ${grouped(total)} ${text}` : ` ${text}`}
            {name === 'failed' && excused > 0 && ` (${grouped(excused)} excused)`}
          </span>
        ))}
      </span>
    </div>
  );
}

function countsOf(
  { failed, inProgress, successful, unknown }: AccountCounts,
  coverage: CoverageStatus | undefined,
): readonly (readonly [PartName, number])[] {
  return [
    ['failed', failed],
    ['missing', coverage?.missing ?? 0],
    ['unknown', unknown],
    ['progress', inProgress],
    ['good', successful],
  ];
}

/** Why nothing is known of the accounts. */
function absence({ accountsReadAt, failure, state }: PackStatus): string {
  if (state === 'absent') return 'Expected here, but not deployed';
  if (failure !== undefined) return `Not readable: ${failure.summary}`;
  return accountsReadAt === undefined ? 'Not read yet' : 'Withdrawn: read too long ago';
}
