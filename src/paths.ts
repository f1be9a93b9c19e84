/**
 * Where the web application has what, below the prefix of all routes. Each of its routes is at or below
 * one of these; that of the metrics, which is an option, is not.
 */
export const SECTIONS = {
  landing: '/',
  operations: '/-',
  assets: '/assets',
  api: '/api',
  packs: '/packs',
  accounts: '/accounts',
} as const;

/** Matches what is within a section, and has that as its first group. */
export const IN_A_SECTION = `^(${Object.values(SECTIONS).join('|')})(/.*)?$`;

const MATCHER = new RegExp(IN_A_SECTION, 'i');

/** The section that a path is in, if any; blind to case, as the routes are. */
export function sectionOf(path: string): string | undefined {
  return MATCHER.exec(path)?.[1];
}
