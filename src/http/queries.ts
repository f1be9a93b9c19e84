import { ERROR_CODES } from '../conformance/error-code.js';
import { ACCOUNT_SORT_KEYS } from '../status/account-tallies.js';
import { STANDINGS } from '../status/members.js';
import { PACK_ACCOUNT_SORT_KEYS } from '../status/pack-accounts.js';
import { PACK_SORT_KEYS } from '../status/pack-list.js';
import { PACK_STATES } from '../status/pack-status.js';
import { choice, exactly, integer, sortBy, text } from './query.js';

/** Items of a list that are given where nobody says how many. */
export const PAGE_LIMIT = 100;

const PAGING = {
  limit: integer({ min: 1, max: 1000, fallback: PAGE_LIMIT }),
  offset: integer({ min: 0, max: 1_000_000, fallback: 0 }),
} as const;

/** For resources that take no parameters. */
export const NOTHING = {} as const;

export const PACKS = {
  q: text(),
  state: choice(PACK_STATES),
  source: exactly(),
  region: exactly(),
  sort: sortBy(PACK_SORT_KEYS, 'worst'),
  ...PAGING,
} as const;

/** Accounts of a pack, all that match. */
export const PACK_ACCOUNT_SELECTION = {
  q: text(),
  standing: choice(STANDINGS),
  status: exactly(),
  errorCode: choice(ERROR_CODES),
  sort: sortBy(PACK_ACCOUNT_SORT_KEYS, 'standing'),
} as const;

export const PACK_ACCOUNTS = { ...PACK_ACCOUNT_SELECTION, ...PAGING } as const;

export const ACCOUNTS = {
  q: text(),
  standing: choice(STANDINGS),
  sort: sortBy(ACCOUNT_SORT_KEYS, 'worst'),
  ...PAGING,
} as const;
