import { AwsError, PackGoneError } from '../aws/errors.js';
import type { ConfigApi } from '../aws/port.js';
import type { Clock } from '../clock.js';
import { AccountIds } from '../conformance/account-columns.js';
import type { PackDetail, RollUp, Snapshot } from '../conformance/snapshot.js';
import { followPack, type PackChange } from './changes.js';
import { readDescriptions, readDetail, readRollUps } from './readers.js';
import type { Failure, RefreshResult } from './result.js';
import type { Progress } from './store.js';
import { mayRest, type Sweep } from './sweep.js';

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
  readonly clock: Clock;
  /** The deadline over everything. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Reads one scope: the packs, their descriptions, and the accounts of each pack. Never rejects for a
 * reason of AWS: what could not be read is a value in the result, and the last good data stands in.
 *
 * All packs are read at once; the limits on `api` decide how many requests are in flight. So the
 * pages of many packs interleave, and no long pack is left to be read alone at the end.
 */
export async function readScope(input: ReadScopeInput): Promise<RefreshResult> {
  const { api, clock, onProgress, previous, selects, sweep } = input;
  const failures: Failure[] = [];
  const fail = (error: unknown, pack?: string): undefined => {
    if (!(error instanceof AwsError)) throw error;
    const { advice, operation, problem, reason } = error;
    failures.push({ operation, reason, message: problem, advice, pack });
  };

  onProgress({ done: 0, expected: 1 });
  const rollUps = await readRollUps(api, input).catch((error: unknown) => fail(error));
  if (rollUps === undefined) return { failures, changes: [] };
  const listedAt = clock();
  const selected = [...rollUps].filter(([name]) => selects(name));
  const before = new Map(previous?.packs.map((pack) => [pack.name, pack]));

  let done = 1;
  onProgress({ done, expected: 1 + selected.length });
  const ids = new AccountIds();
  const descriptions = readDescriptions(api, input).catch((error: unknown) => fail(error));
  const readPack = async ([name, rollUp]: [string, RollUp]): Promise<PackChange | undefined> => {
    const last = before.get(name);
    const follow = async (detail: PackDetail | undefined) => {
      const description = (await descriptions)?.get(name) ?? last?.description;
      return followPack({ name, rollUp, description, detail }, last);
    };
    try {
      if (mayRest({ name, rollUp }, last, sweep)) {
        // Made anew under the same name it is another pack, which has never been read.
        const arn = (await descriptions)?.get(name)?.arn;
        if (arn === undefined || arn === last?.description?.arn) return await follow(last?.detail);
      }
      const accounts = last?.detail?.accounts.rows;
      return await follow(await readDetail(api, { name, rollUp, accounts }, input, ids, clock));
    } catch (error) {
      // Deleted since it was listed: gone, not failed.
      if (error instanceof PackGoneError) return undefined;
      fail(error, name);
      return await follow(last?.detail);
    } finally {
      onProgress({ done: ++done, expected: 1 + selected.length });
    }
  };
  const read = await Promise.all(selected.map(readPack));
  await descriptions;

  const listed = new Set(rollUps.keys());
  selected.forEach(([name], index) => {
    if (read[index] === undefined) listed.delete(name);
  });
  const changes = read.filter((change) => change !== undefined);
  const snapshot = { listedAt, listed, packs: changes.map(({ pack }) => pack) };
  return { failures, snapshot, changes };
}
