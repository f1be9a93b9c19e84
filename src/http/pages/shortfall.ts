import type { ScopeStatus } from '../../status/scope-status.js';
import { count, has, type Tone } from './words.js';

/** Which scopes the rest of a page says nothing of, or nothing new. */
export interface Shortfall {
  readonly tone: Tone;
  /** As in "2 of 3 scopes could not be read". */
  readonly text: string;
}

interface Kind {
  readonly isOf: (scope: ScopeStatus) => boolean;
  readonly tone: Tone;
  readonly words: (number: number) => string;
}

/** What keeps a scope from being known as it is now, the gravest first; none of it where it is. */
const KINDS: readonly Kind[] = [
  {
    isOf: ({ listedAt, state }) => state === 'failed' && listedAt === undefined,
    tone: 'warning',
    words: () => 'could not be read',
  },
  {
    isOf: ({ state }) => state === 'failed',
    tone: 'warning',
    words: () => 'could not be refreshed',
  },
  {
    isOf: ({ state }) => state === 'partial',
    tone: 'warning',
    words: () => 'could only be read in part',
  },
  {
    isOf: ({ withdrawn }) => withdrawn,
    tone: 'warning',
    words: (number) => `${has(number)} not been read for too long`,
  },
  {
    isOf: ({ state }) => state === 'restored',
    tone: 'progress',
    words: (number) => `${has(number)} not been read since the start`,
  },
  {
    isOf: ({ state }) => state !== 'ok',
    tone: 'progress',
    words: (number) => `${has(number)} not been read yet`,
  },
];

/** `undefined` where the last refresh of every scope read everything, and not too long ago. */
export function shortfallOf(scopes: readonly ScopeStatus[]): Shortfall | undefined {
  const kinds = scopes.map((scope) => KINDS.find(({ isOf }) => isOf(scope)));
  const short = KINDS.map((kind) => ({
    ...kind,
    number: kinds.filter((candidate) => candidate === kind).length,
  })).filter(({ number }) => number > 0);
  const [gravest, ...others] = short;
  if (gravest === undefined) return undefined;
  const { number, tone, words } = gravest;
  const first = `${number} of ${count(scopes.length, 'scope')} ${words(number)}`;
  return {
    tone,
    text: [first, ...others.map((kind) => `${kind.number} ${kind.words(kind.number)}`)].join(', '),
  };
}
