import { createHmac, randomBytes } from 'node:crypto';
import { costOf, decoyHash, type Compare } from './bcrypt.js';
import type { Users } from './web-settings.js';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** `busy` where so many wait to be checked that one more had better come back later. */
export type Verdict = 'right' | 'wrong' | 'busy';

export type PasswordCheck = (users: Users, credentials: Credentials) => Promise<Verdict>;

/** Verdicts kept of each kind. Apart, so that guessing does not push out whoever is right. */
const KEPT = 100;
/** Different credentials that may wait. */
const MAX_WAITING = 100;

/**
 * Checks passwords against bcrypt hashes. A verdict is kept, so that a scrape does not pay for it each
 * time, and requests with the same credentials share one comparison. Comparisons run one after the
 * other: they are the one thing here that costs a processor, and strangers can ask for them.
 */
export function passwordCheck(compare: Compare): PasswordCheck {
  const salt = randomBytes(32);
  const right = new Set<string>();
  const wrong = new Set<string>();
  const waiting = new Map<string, Promise<Verdict>>();
  let last: Promise<unknown> = Promise.resolve();

  return async (users, { password, user }) => {
    const hash = users.get(user);
    // Neither the password nor anything from which it could be guessed without the salt stays here.
    const key = createHmac('sha256', salt)
      .update(JSON.stringify([user, password, hash]))
      .digest('base64');
    if (right.has(key)) return 'right';
    if (wrong.has(key)) return 'wrong';
    const shared = waiting.get(key);
    if (shared !== undefined) return shared;
    if (waiting.size >= MAX_WAITING) return 'busy';

    const verdict = last.then(async () => {
      const isRight = await compareEvenly(compare, users, hash, password);
      keep(isRight ? right : wrong, key);
      return isRight ? 'right' : 'wrong';
    });
    last = verdict.catch(() => undefined);
    waiting.set(key, verdict);
    try {
      return await verdict;
    } finally {
      waiting.delete(key);
    }
  };
}

/**
 * Compares, and takes as long for every user as for the one with the costliest hash, whether the user
 * exists or not: otherwise the time would tell which names exist.
 */
async function compareEvenly(
  compare: Compare,
  users: Users,
  hash: string | undefined,
  password: string,
): Promise<boolean> {
  const highest = Math.max(...[...users.values()].map(costOf));
  if (hash === undefined) {
    await compare(password, decoyHash(highest));
    return false;
  }
  const isRight = await compare(password, hash);
  // 2ⁿ + 2ⁿ + 2ⁿ⁺¹ + … + 2ᵐ⁻¹ = 2ᵐ rounds.
  for (let cost = costOf(hash); cost < highest; cost++) await compare(password, decoyHash(cost));
  return isRight;
}

function keep(verdicts: Set<string>, key: string): void {
  const [oldest] = verdicts;
  if (oldest !== undefined && verdicts.size >= KEPT) verdicts.delete(oldest);
  verdicts.add(key);
}

/** The credentials in an `Authorization` header of the Basic scheme (RFC 7617). */
export function credentialsIn(header: string | undefined): Credentials | undefined {
  const [, encoded] = /^basic +([\w+/-]+=*) *$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  return colon < 0
    ? undefined
    : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
