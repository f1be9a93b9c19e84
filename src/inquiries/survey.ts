import { AwsError } from '../aws/errors.js';
import type { ConfigApi, OrganizationsApi } from '../aws/port.js';
import type { Scope } from '../conformance/snapshot.js';
import { outcomeOf } from '../conformance/status.js';
import { readRollUps } from '../refresh/readers.js';
import { listAccounts } from '../refresh/read-organization.js';

/** A pack as a listing shows it. */
export interface SurveyedPack {
  readonly name: string;
  /** Whether AWS calls it complete or deleted, so that its accounts need not be read at each refresh. */
  readonly atRest: boolean;
}

/** A scope as a listing shows it. */
export interface SurveyedScope {
  readonly scope: Scope;
  /** How many packs AWS lists, before filters. */
  readonly listed: number;
  /** Those that are to be read. */
  readonly packs: readonly SurveyedPack[];
}

/** Something that could not be read: the packs of a Region, or without one the accounts of a source. */
export interface SurveyFailure {
  readonly source: string;
  readonly region?: string | undefined;
  readonly message: string;
}

/** What one listing of everything shows. */
export interface Survey {
  /** Those that could be read, in the order of sources and Regions. */
  readonly scopes: readonly SurveyedScope[];
  /** Active accounts of the organization, by each source that could tell. */
  readonly accounts: ReadonlyMap<string, number>;
  readonly failures: readonly SurveyFailure[];
}

/** How far a survey has come. */
export interface SurveyProgress {
  /** Accounts listed so far, of all sources together. */
  readonly accounts: number;
  /** Scopes whose packs have been listed, or could not be. */
  readonly scopes: number;
}

export interface SurveyInput {
  readonly sources: readonly {
    readonly name: string;
    readonly regions: readonly string[];
    readonly organizations: OrganizationsApi;
    readonly config: (region: string) => ConfigApi;
  }[];
  /** Whether a pack is to be read. */
  readonly selects: (pack: string) => boolean;
  /** Whether the accounts of the organizations are to be counted. */
  readonly countsAccounts: boolean;
  readonly pageSize: number;
  /** The deadline over everything. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SurveyProgress) => void;
}

/**
 * Lists the packs of every scope and the accounts of every source, and reads no detail. Never rejects
 * for a reason of AWS: what could not be read is a value in the result.
 */
export async function survey(input: SurveyInput): Promise<Survey> {
  const { countsAccounts, onProgress, pageSize, selects, signal, sources } = input;
  const failures: SurveyFailure[] = [];
  const fail = (error: unknown, source: string, region?: string) => {
    if (!(error instanceof AwsError)) throw error;
    failures.push({ source, region, message: error.message });
  };
  const listedAccounts = new Map<string, number>();
  let scopesDone = 0;
  const tell = () => {
    const accounts = [...listedAccounts.values()].reduce((sum, listed) => sum + listed, 0);
    onProgress({ accounts, scopes: scopesDone });
  };
  const surveyScope = async (scope: Scope, api: ConfigApi): Promise<SurveyedScope | undefined> => {
    try {
      const rollUps = await readRollUps(api, { pageSize, signal });
      const packs = [...rollUps]
        .filter(([name]) => selects(name))
        .map(([name, { status }]) => ({ name, atRest: outcomeOf(status) === 'successful' }));
      return { scope, listed: rollUps.size, packs };
    } catch (error) {
      fail(error, scope.source, scope.region);
      return undefined;
    } finally {
      scopesDone++;
      tell();
    }
  };
  const accounts = new Map<string, number>();
  const countAccounts = async (name: string, api: OrganizationsApi) => {
    try {
      const listed = await listAccounts(api, signal, (soFar) => {
        listedAccounts.set(name, soFar);
        tell();
      });
      accounts.set(name, listed.filter(({ state }) => state === 'ACTIVE').length);
    } catch (error) {
      fail(error, name);
    }
  };
  const [scopes] = await Promise.all([
    Promise.all(
      sources.flatMap(({ config, name, regions }) =>
        regions.map((region) => surveyScope({ source: name, region }, config(region))),
      ),
    ),
    ...(countsAccounts ? sources : []).map(({ name, organizations }) =>
      countAccounts(name, organizations),
    ),
  ]);
  return { scopes: scopes.filter((scope) => scope !== undefined), accounts, failures };
}
