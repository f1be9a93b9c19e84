import { setImmediate } from 'node:timers/promises';
import { hash } from 'bcrypt';
import { describe, expect, it } from 'vitest';
import { compare, costOf, type Compare } from '../../../src/http/bcrypt.js';
import { credentialsIn, passwordCheck } from '../../../src/http/password-check.js';

const LOW = 4;
const HIGH = 6;
const ALICE = (await hash('wonderland', LOW)).replace('$2b$', '$2y$');
const BOB = (await hash('builder', HIGH)).replace('$2b$', '$2a$');
const users = new Map([
  ['alice', ALICE],
  ['bob', BOB],
]);

/** A check, and the rounds of each comparison that it has made. */
function setUp(more: Compare = compare) {
  const rounds: number[] = [];
  const check = passwordCheck((password, stored) => {
    rounds.push(2 ** costOf(stored));
    return more(password, stored);
  });
  const total = () => rounds.reduce((sum, some) => sum + some, 0);
  return { check, rounds, total };
}

/** A comparison that goes on once it is let go. */
function gated() {
  const gates: (() => void)[] = [];
  const slow: Compare = async (password) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    return password === 'right';
  };
  return { slow, open: () => gates.splice(0).forEach((go) => go()), gates };
}

describe('a password check', () => {
  it.each([
    ['alice', 'wonderland', 'right'],
    ['bob', 'builder', 'right'],
    ['alice', 'builder', 'wrong'],
    ['bob', '', 'wrong'],
    ['carol', 'wonderland', 'wrong'],
    ['', '', 'wrong'],
  ])('of %j with %j is %s', async (user, password, verdict) => {
    const { check } = setUp();
    expect(await check(users, { user, password })).toBe(verdict);
    expect(await check(users, { user, password })).toBe(verdict);
  });

  it('costs the same for every user, and for one who does not exist', async () => {
    for (const user of ['alice', 'bob', 'carol']) {
      const { check, total } = setUp();
      await check(users, { user, password: 'guess' });
      expect(total(), user).toBe(2 ** HIGH);
    }
  });

  it('is paid for once', async () => {
    const { check, rounds } = setUp();
    const right = { user: 'bob', password: 'builder' };
    const wrong = { user: 'bob', password: 'guess' };
    for (const credentials of [right, wrong, right, wrong]) await check(users, credentials);
    expect(rounds).toHaveLength(2);
  });

  it('is paid for again where the hash has changed, and forgets who has gone', async () => {
    const { check, rounds } = setUp();
    const credentials = { user: 'bob', password: 'builder' };
    expect(await check(users, credentials)).toBe('right');
    const changed = new Map([['bob', await hash('other', LOW)]]);
    expect(await check(changed, credentials)).toBe('wrong');
    expect(await check(new Map([['alice', ALICE]]), credentials)).toBe('wrong');
    expect(rounds).toHaveLength(3);
    expect(await check(users, credentials)).toBe('right');
    expect(rounds).toHaveLength(3);
  });

  it('is shared by those who ask at the same time, and made one after the other', async () => {
    const { gates, open, slow } = gated();
    const { check, rounds } = setUp(slow);
    const one = new Map([['bob', BOB]]);
    const same = Array.from({ length: 40 }, () => check(one, { user: 'bob', password: 'right' }));
    const other = check(one, { user: 'bob', password: 'guess' });
    await Promise.resolve();
    expect([rounds.length, gates.length]).toEqual([1, 1]);
    open();
    expect(new Set(await Promise.all(same))).toEqual(new Set(['right']));
    open();
    expect(await other).toBe('wrong');
    expect(rounds).toHaveLength(2);
  });

  it('turns away a flood of guesses, and not whom it knows', async () => {
    const { open, slow } = gated();
    const { check } = setUp(slow);
    const one = new Map([['bob', BOB]]);
    const known = check(one, { user: 'bob', password: 'right' });
    await Promise.resolve();
    open();
    expect(await known).toBe('right');
    const guess = (password: number) => check(one, { user: 'bob', password: String(password) });
    const flood = Array.from({ length: 100 }, (_, index) => guess(index));
    expect(await guess(100)).toBe('busy');
    expect(await check(one, { user: 'bob', password: 'right' })).toBe('right');
    const settled = Promise.all(flood);
    for (let turn = 0; turn < 100; turn++) {
      await setImmediate();
      open();
    }
    expect(new Set(await settled)).toEqual(new Set(['wrong']));
    expect(await check(one, { user: 'bob', password: 'right' })).toBe('right');
  });

  it('that breaks down is not kept, and does not hold up the next', async () => {
    let broken = true;
    const { check } = setUp((password, stored) =>
      broken ? Promise.reject(new Error('no memory')) : compare(password, stored),
    );
    const credentials = { user: 'bob', password: 'builder' };
    await expect(check(users, credentials)).rejects.toThrow('no memory');
    broken = false;
    expect(await check(users, credentials)).toBe('right');
  });
});

describe('the Authorization header', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each([
    [basic('alice:secret'), { user: 'alice', password: 'secret' }],
    [basic('alice:se:cret').replace('Basic', 'bAsIc '), { user: 'alice', password: 'se:cret' }],
    [basic('älice:€'), { user: 'älice', password: '€' }],
    [basic(':'), { user: '', password: '' }],
    [basic('alice'), undefined],
    ['Basic', undefined],
    ['Basic =', undefined],
    ['Basic a b', undefined],
    ['Bearer YTpi', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s holds %o', (header, credentials) => {
    expect(credentialsIn(header)).toEqual(credentials);
  });
});
