import { compare as nativeCompare } from 'bcrypt';

/** Whether a password is the one that a bcrypt hash was made of. Costs what the hash says. */
export type Compare = (password: string, hash: string) => Promise<boolean>;

/**
 * Native code on the thread pool of Node.js, which leaves the event loop alone: pure JavaScript stalls
 * it for 100 ms at a time with a cost of 12, and every scrape with it. The package brings the binaries
 * of all platforms along, so that nothing is downloaded or built where it is installed.
 */
export const compare: Compare = (password, hash) =>
  // htpasswd and PHP write 2y for what everybody else, this library included, calls 2b.
  nativeCompare(password, hash.replace(/^\$2y\$/, '$2b$'));

/** The binary logarithm of the rounds. */
export function costOf(hash: string): number {
  return Number(hash.slice(4, 6));
}

/** A hash of nothing that anybody knows. */
export function decoyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}
