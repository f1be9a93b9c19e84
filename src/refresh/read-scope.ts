import { AwsError, PackGoneError } from '../aws/errors.js';
import type { ConfigApi } from '../aws/port.js';
import type { Clock } from '../clock.js';
import { AccountIds } from '../conformance/account-columns.js';
import type { Pack, PackDetail, Snapshot } from '../conformance/snapshot.js';
import { followPack, type PackChange } from './changes.js';
import { countCalls } from './count-calls.js';
import { inOrder } from './in-order.js';
import type { Progress } from './progress.js';
import { readDescriptions, readDetail, readRollUps } from './readers.js';
import type { Failure, RefreshResult } from './result.js';
import { readAt, resting, type Sweep } from './sweep.js';

export interface ReadScopeInput {
  readonly api: ConfigApi;
  /** Items asked for at a time, 1–100. */
  readonly pageSize: number;
  /** Whether a pack is to be read. */
  readonly selects: (pack: string) => boolean;
  /** What is to be read though it is at rest. */
  readonly sweep: Sweep;
  /** The last snapshot of the scope: what cannot be read now is taken from it. */
  readonly previous: Snapshot | undefined;
  /** Packs whose accounts are read side by side: enough for the calls that may be in flight. */
  readonly packsAtOnce: number;
  /** How many accounts the organization has, once that is known. */
  readonly accounts: () => number | undefined;
  readonly clock: Clock;
  /** The deadline over everything. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Reads one scope: the packs, their descriptions, and the accounts of each pack. Never rejects for a
 * reason of AWS: what could not be read is a value in the result, and the last good data stands in.
 *
 * Packs are read in the order of their age, the oldest first, so that a refresh that meets its deadline
 * has read some of them, and the next one goes on with the others.
 */
export async function readScope(input: ReadScopeInput): Promise<RefreshResult> {
  const { clock, packsAtOnce, previous, selects, sweep } = input;
  const failures: Failure[] = [];
  const fail = (error: unknown, pack?: string): undefined => {
    if (!(error instanceof AwsError)) throw error;
    const { advice, operation, problem, reason } = error;
    failures.push({ operation, reason, message: problem, advice, pack });
  };

  const calls = countCalls(input.api, input);
  const { api } = calls;
  const rollUps = await readRollUps(api, input).catch((error: unknown) => fail(error));
  if (rollUps === undefined) return { failures, changes: [] };
  const listedAt = clock();
  const before = new Map(previous?.packs.map((pack) => [pack.name, pack]));
  const listedPacks = [...rollUps]
    .filter(([name]) => selects(name))
    .map(([name, rollUp]) => ({ name, rollUp, last: before.get(name) }));
  const atRest = resting(listedPacks, sweep);
  const selected = listedPacks.map((pack) => {
    const accounts = pack.last?.detail?.accounts.rows;
    return { ...pack, accounts, rests: atRest.has(pack) };
  });
  calls.plan(rollUps.size, selected);

  const ids = new AccountIds();
  const descriptions = readDescriptions(api, input).catch((error: unknown) => fail(error));
  const readPack = async (pack: (typeof selected)[number]): Promise<PackChange | undefined> => {
    const { last, name, rests, rollUp } = pack;
    const follow = async (detail: PackDetail | undefined) => {
      const description = (await descriptions)?.get(name) ?? last?.description;
      return followPack({ name, rollUp, description, detail }, last);
    };
    try {
      if (rests) {
        // Made anew under the same name it is another pack, which has never been read.
        const arn = (await descriptions)?.get(name)?.arn;
        if (arn === undefined || arn === last?.description?.arn) return await follow(last?.detail);
      }
      return await follow(await readDetail(api, pack, input, ids, clock));
    } catch (error) {
      // Deleted since it was listed: gone, not failed.
      if (error instanceof PackGoneError) return undefined;
      fail(error, name);
      return await follow(last?.detail);
    } finally {
      calls.end(name);
    }
  };
  const oldestFirst = selected.toSorted(byAge);
  const read = new Map(
    await inOrder(
      oldestFirst,
      packsAtOnce,
      async (pack) => [pack.name, await readPack(pack)] as const,
    ),
  );
  await descriptions;

  const changes: PackChange[] = [];
  const listed = new Set(rollUps.keys());
  for (const { name } of selected) {
    const change = read.get(name);
    if (change === undefined) listed.delete(name);
    else changes.push(change);
  }
  const snapshot = { listedAt, listed, packs: changes.map(({ pack }) => pack) };
  return { failures, snapshot, changes };
}

interface Aged {
  readonly rests: boolean;
  readonly last: Pack | undefined;
}

/** Packs that cost no call come first, then those never read, then those read longest ago. */
function byAge(a: Aged, b: Aged): number {
  const rank = (pack: Aged) => (pack.rests ? -1 : readAt(pack));
  return rank(a) - rank(b);
}
