import type { ConfigApi, Page } from '../aws/port.js';
import type { Clock } from '../clock.js';
import type { Progress } from './progress.js';

export interface CallCountOptions {
  readonly pageSize: number;
  /** How many accounts the organization has, once that is known. */
  readonly accounts: () => number | undefined;
  readonly clock: Clock;
  readonly onProgress: (progress: Progress) => void;
}

/** A pack whose accounts are to be read. */
export interface PlannedPack {
  readonly name: string;
  /** How many accounts it had when it was last read. */
  readonly accounts: number | undefined;
  /** Whether these need not be read again. */
  readonly rests: boolean;
}

/** Counts the calls of one refresh. */
export interface CallCount {
  /** The port, counted. */
  readonly api: ConfigApi;
  /** So many packs have been listed, and these are selected. */
  plan(listed: number, packs: readonly PlannedPack[]): void;
  /** Nothing more is asked about a pack, whatever came of it. */
  end(pack: string): void;
}

/**
 * AWS allows no more accounts, and no more packs in a Region, unless it is asked to. What is expected
 * while nobody knows better, so that progress may leap and does not fall back.
 */
const LARGEST_ORGANIZATION = 10_000;
const MOST_PACKS = 50;

/** Calls over which the pace is taken, at least: it follows AWS, and is no accident of a few. */
const PACE_CALLS = 50;

/** What is read page after page. */
interface Listing {
  answered: number;
  /** Calls that it took before, or is known to take. */
  readonly before: number | undefined;
  ended: boolean;
}

export function countCalls(api: ConfigApi, options: CallCountOptions): CallCount {
  const { clock, onProgress, pageSize } = options;
  const pagesOf = (items: number) => Math.max(1, Math.ceil(items / pageSize));
  const statuses: Listing = { answered: 0, before: 1, ended: false };
  const packs = new Map<string, Listing>();
  let descriptions: Listing = { answered: 0, before: 1, ended: false };
  let isPlanned = false;
  /** Calls that the longest pack takes that is known to its end; 0 for none. */
  let longest = 0;
  let done = 0;
  let mark = { at: clock(), done };
  let markBefore = mark;

  /** What a pack takes of which nothing is known: no less than others, or than the organization. */
  const foreseen = (): number | undefined => {
    const accounts = options.accounts();
    const pages = Math.max(longest, accounts === undefined ? 0 : pagesOf(accounts));
    return pages === 0 ? undefined : pages;
  };
  const pace = (): number | undefined => {
    const now = clock();
    const since = markBefore;
    if (done - mark.done >= PACE_CALLS) {
      markBefore = mark;
      mark = { at: now, done };
    }
    return done === since.done ? undefined : (now - since.at) / (done - since.done);
  };
  const tell = () => {
    const known = foreseen();
    const usual = known ?? pagesOf(LARGEST_ORGANIZATION);
    const listings = [statuses, descriptions, ...packs.values()];
    const expected = listings.reduce(
      (sum, { answered, before = usual, ended }) =>
        sum + (ended ? answered : Math.max(answered + 1, before)),
      isPlanned ? 0 : MOST_PACKS * usual,
    );
    onProgress({ done, expected, sized: isPlanned && known !== undefined, callMs: pace() });
  };
  const count = <Item>(listing: Listing, { nextToken }: Page<Item>) => {
    listing.answered++;
    listing.ended = nextToken === undefined;
    done++;
  };
  const listingOf = (pack: string): Listing => {
    const listing = packs.get(pack) ?? { answered: 0, before: undefined, ended: false };
    packs.set(pack, listing);
    return listing;
  };
  tell();
  return {
    api: {
      ...api,
      async packStatuses(request) {
        const page = await api.packStatuses(request);
        count(statuses, page);
        tell();
        return page;
      },
      async packs(request) {
        const page = await api.packs(request);
        count(descriptions, page);
        tell();
        return page;
      },
      async packAccounts(pack, request) {
        const page = await api.packAccounts(pack, request);
        const listing = listingOf(pack);
        count(listing, page);
        if (listing.ended) longest = Math.max(longest, listing.answered);
        tell();
        return page;
      },
    },
    plan(listed, planned) {
      isPlanned = true;
      descriptions = { ...descriptions, before: pagesOf(listed) };
      for (const { accounts, name, rests } of planned) {
        const before = accounts === undefined ? undefined : pagesOf(accounts);
        packs.set(name, { answered: 0, before, ended: rests });
        longest = Math.max(longest, before ?? 0);
      }
      tell();
    },
    end(pack) {
      listingOf(pack).ended = true;
      tell();
    },
  };
}
