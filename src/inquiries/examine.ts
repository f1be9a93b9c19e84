import { TELL_SOURCES_APART } from '../aws/advice.js';
import { AwsError } from '../aws/errors.js';
import { accountPages } from '../aws/pages.js';
import type { ConfigApi, Identity, IdentityApi, OrganizationsApi } from '../aws/port.js';
import { attempt, explanationOf, skipped, type Check, type Place } from './check.js';

/** A source as the examination needs it. */
export interface Patient {
  readonly name: string;
  readonly regions: readonly string[];
  readonly api: IdentityApi;
  readonly organizations: OrganizationsApi;
  config(region: string): ConfigApi;
}

export interface ExamineOptions {
  /** Whether the accounts of the organization are to be read. */
  readonly readsAccounts: boolean;
  readonly signal: AbortSignal;
}

/**
 * Walks the way that a refresh takes, for every source and Region, with one call a step. Never
 * rejects for a reason of AWS. The checks come in the order of sources, Regions and steps.
 */
export async function examine(
  patients: readonly Patient[],
  options: ExamineOptions,
): Promise<readonly Check[]> {
  const identities = await Promise.all(patients.map(({ api }) => identify(api, options.signal)));
  const perSource = patients.map((patient, index) =>
    examineSource(patient, identities[index], twinsOf(patients, identities, index), options),
  );
  return (await Promise.all(perSource)).flat();
}

async function identify(api: IdentityApi, signal: AbortSignal): Promise<Identity | AwsError> {
  try {
    return await api.callerIdentity(signal);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** The earlier source that is the same account, by Region. */
function twinsOf(
  patients: readonly Patient[],
  identities: readonly (Identity | AwsError)[],
  index: number,
): ReadonlyMap<string, string> {
  const own = identities[index];
  const twins = new Map<string, string>();
  if (own === undefined || own instanceof AwsError) return twins;
  patients.slice(0, index).forEach(({ name, regions }, earlier) => {
    const other = identities[earlier];
    if (other === undefined || other instanceof AwsError) return;
    if (other.accountId !== own.accountId) return;
    for (const region of regions) if (!twins.has(region)) twins.set(region, name);
  });
  return twins;
}

async function examineSource(
  patient: Patient,
  identity: Identity | AwsError | undefined,
  twins: ReadonlyMap<string, string>,
  options: ExamineOptions,
): Promise<readonly Check[]> {
  const place = { source: patient.name };
  const who = checksOfIdentity(place, identity);
  if (who.some(({ status, step }) => step === 'credentials' && status === 'failed')) {
    return [...who, skipped(place, 'list of packs', 'not without credentials')];
  }
  const [organization, ...regions] = await Promise.all([
    examineOrganization(place, patient.organizations, options),
    ...patient.regions.map((region) =>
      examineRegion({ ...place, region }, patient.config(region), twins.get(region), options),
    ),
  ]);
  return [...who, ...organization, ...regions.flat()];
}

function checksOfIdentity(place: Place, identity: Identity | AwsError | undefined): Check[] {
  if (identity instanceof AwsError) {
    const explained = explanationOf(identity);
    return identity.reason === 'credentials'
      ? [
          { ...place, step: 'credentials', status: 'failed', ...explained },
          skipped(place, 'identity', 'not without credentials'),
        ]
      : [
          { ...place, step: 'credentials', status: 'ok', detail: 'there are some' },
          { ...place, step: 'identity', status: 'optional', ...explained },
        ];
  }
  const { accountId = '', partition = '' } = identity ?? {};
  return [
    { ...place, step: 'credentials', status: 'ok', detail: 'AWS accepts them' },
    { ...place, step: 'identity', status: 'ok', detail: `account ${accountId} (${partition})` },
  ];
}

async function examineOrganization(
  place: Place,
  api: OrganizationsApi,
  { readsAccounts, signal }: ExamineOptions,
): Promise<readonly Check[]> {
  const organization = attempt(place, 'organization', () => api.organizationId(signal), 'optional');
  if (!readsAccounts) {
    const detail = 'left out by --no-collector.accounts';
    return [await organization, skipped(place, 'accounts of the organization', detail)];
  }
  let unit: string | undefined;
  const accounts = await attempt(place, 'accounts of the organization', async () => {
    for await (const items of accountPages(api, signal)) {
      // Pages may be empty, and more follow.
      if (items.length === 0) continue;
      unit = items.flatMap(({ unitIds }) => unitIds).find((id) => id.startsWith('ou-'));
      return `at least ${items.length}`;
    }
    return 'none';
  });
  const id = unit;
  const names =
    id === undefined
      ? skipped(place, 'names of organizational units', 'no unit to ask about')
      : await attempt(
          place,
          'names of organizational units',
          () => api.unitName(id, signal),
          'optional',
        );
  return [await organization, accounts, names];
}

async function examineRegion(
  place: Place,
  api: ConfigApi,
  twin: string | undefined,
  { signal }: ExamineOptions,
): Promise<readonly Check[]> {
  if (twin !== undefined) {
    const detail = `source "${twin}" is the same account and reads this Region already`;
    const fix = TELL_SOURCES_APART;
    const reason = 'duplicate_source';
    return [{ ...place, step: 'list of packs', status: 'failed', reason, detail, fix }];
  }
  let pack: string | undefined;
  const list = await attempt(place, 'list of packs', async () => {
    const { items, nextToken } = await api.packStatuses({ limit: 100, signal });
    pack = items[0]?.name;
    if (pack === undefined) return 'none; AWS shows each account only the packs that it deployed';
    return `${nextToken === undefined ? '' : 'at least '}${items.length}`;
  });
  if (list.reason !== undefined && list.reason !== 'access_denied') {
    const rest = ['descriptions of packs', 'accounts of a pack'] as const;
    return [list, ...rest.map((step) => skipped(place, step, 'not while there is no list'))];
  }
  const descriptions = await attempt(place, 'descriptions of packs', async () => {
    const { items } = await api.packs({ limit: 100, signal });
    pack ??= items[0]?.name;
    return String(items.length);
  });
  const name = pack;
  if (name === undefined) {
    return [list, descriptions, skipped(place, 'accounts of a pack', 'no pack to ask about')];
  }
  const accounts = await attempt(place, 'accounts of a pack', async () => {
    const { items, nextToken } = await api.packAccounts(name, { limit: 100, signal });
    return `${nextToken === undefined ? '' : 'at least '}${items.length} of ${name}`;
  });
  return [list, descriptions, accounts];
}
