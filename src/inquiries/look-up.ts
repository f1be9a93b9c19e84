import { AwsError, PackGoneError } from '../aws/errors.js';
import type { ConfigApi } from '../aws/port.js';
import type { AccountReport } from '../conformance/account-columns.js';
import type { PackDescription, Scope } from '../conformance/snapshot.js';
import { supersedes } from '../conformance/status.js';
import { readDescriptions, readRollUps } from '../refresh/readers.js';

/** What a pack is to an account. */
export type Standing = 'reported' | 'excluded' | 'not reported';

/** One account in one pack, as AWS has it now. */
export interface LookUpRow extends Scope {
  readonly pack: string;
  readonly standing: Standing;
  /** Present where the account is reported: code and message whole, as AWS gives them. */
  readonly report?: AccountReport | undefined;
}

/** Something that could not be read. */
export interface LookUpFailure extends Scope {
  readonly pack?: string | undefined;
  readonly message: string;
}

export interface LookUp {
  /** In the order of scopes and pack names. */
  readonly rows: readonly LookUpRow[];
  readonly failures: readonly LookUpFailure[];
}

export interface LookUpInput {
  readonly accountId: string;
  /** Where to look. */
  readonly scopes: readonly { readonly scope: Scope; readonly api: ConfigApi }[];
  /** Whether a pack is to be read. */
  readonly selects: (pack: string) => boolean;
  /** The deadline over everything. */
  readonly signal: AbortSignal;
}

const PAGE_SIZE = 100;

/**
 * Asks AWS about one account in every pack, with one filtered call a pack. Never rejects for a reason
 * of AWS: what could not be read is a value in the result.
 */
export async function lookUpAccount(input: LookUpInput): Promise<LookUp> {
  const failures: LookUpFailure[] = [];
  const rows = await Promise.all(
    input.scopes.map(({ api, scope }) => {
      const fail = (error: unknown, pack?: string): undefined => {
        if (!(error instanceof AwsError)) throw error;
        failures.push({ ...scope, pack, message: error.message });
      };
      return lookUpInScope(scope, api, input, fail);
    }),
  );
  return { rows: rows.flat(), failures };
}

async function lookUpInScope(
  scope: Scope,
  api: ConfigApi,
  { accountId, selects, signal }: LookUpInput,
  fail: (error: unknown, pack?: string) => undefined,
): Promise<readonly LookUpRow[]> {
  const paging = { pageSize: PAGE_SIZE, signal };
  const [packs, descriptions] = await Promise.all([
    readRollUps(api, paging).catch((error: unknown) => fail(error)),
    // Without them nobody knows who is excluded, and that is all.
    readDescriptions(api, paging).catch(() => undefined),
  ]);
  const names = [...(packs?.keys() ?? [])].filter(selects);
  const rows = names.map(async (pack): Promise<LookUpRow | undefined> => {
    try {
      const report = newest(await api.packAccount(pack, accountId, signal));
      const standing = standingOf(accountId, report, descriptions?.get(pack));
      return { ...scope, pack, standing, report };
    } catch (error) {
      // Deleted since it was listed: gone, not failed.
      if (!(error instanceof PackGoneError)) fail(error, pack);
      return undefined;
    }
  });
  return (await Promise.all(rows)).filter((row) => row !== undefined);
}

function newest(reports: readonly AccountReport[]): AccountReport | undefined {
  const [first, ...others] = reports;
  return first && others.reduce((best, other) => (supersedes(other, best) ? other : best), first);
}

function standingOf(
  accountId: string,
  report: AccountReport | undefined,
  description: PackDescription | undefined,
): Standing {
  if (report !== undefined) return 'reported';
  return description?.excludedAccounts.includes(accountId) ? 'excluded' : 'not reported';
}
