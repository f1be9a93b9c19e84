import { FAILURES } from './failures.js';
import type {
  Account,
  MemberDeployment,
  Organization,
  OrganizationalUnit,
  OrganizationPack,
} from './organization.js';
import { pick, seededRandom, type Random } from './random.js';
import { setRollUp } from './roll-up.js';

export interface SeedOptions {
  readonly seed: number;
  readonly accounts: number;
  readonly packs: number;
  readonly regions: readonly string[];
  /** Milliseconds since the epoch; everything happened before. */
  readonly now: number;
  /** Share of the accounts in which a pack failed, for the packs that have failures. */
  readonly failing?: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const UNITS = ['Security', 'Infrastructure', 'Sandbox', 'Workloads'] as const;
const STAGES = ['Prod', 'Test'] as const;
const TEAMS = [
  'payments',
  'orders',
  'search',
  'identity',
  'billing',
  'shipping',
  'catalog',
  'data',
] as const;
const PACK_NAMES = [
  'Security-Baseline',
  'Operational-Best-Practices-for-CIS',
  'Operational-Best-Practices-for-HIPAA',
  'Operational-Best-Practices-for-PCI-DSS',
  'Encryption-at-Rest',
  'Logging-and-Monitoring',
  'Public-Access-Guardrails',
  'Backup-and-Recovery',
] as const;

/** An organization that could be one: the same for the same seed. */
export function createOrganization(options: SeedOptions): Organization {
  const random = seededRandom(options.seed);
  const organization: Organization = {
    id: 'o-a1b2c3d4e5',
    rootId: 'r-ab12',
    managementAccountId: accountId(0),
    delegatedAdministrators: new Set(),
    units: createUnits(),
    accounts: new Map(),
    packs: [],
  };
  for (let index = 0; index < options.accounts; index++) {
    const account = createAccount(
      organization,
      index,
      options.now - Math.round(DAY * (30 + 700 * random())),
    );
    organization.accounts.set(account.id, account);
  }
  for (const region of options.regions) {
    for (let index = 0; index < options.packs; index++) {
      organization.packs.push(createPack(organization, region, index, options, random));
    }
  }
  return organization;
}

/** Adds an account that joins now, and has no pack yet. */
export function joinAccount(organization: Organization, now: number): Account {
  let index = organization.accounts.size;
  // Accounts may have left.
  while (organization.accounts.has(accountId(index))) index++;
  const account = createAccount(organization, index, now);
  organization.accounts.set(account.id, account);
  return account;
}

/** Ids that look like AWS's and sort differently from their order of creation. */
function accountId(index: number): string {
  return String(
    100_000_000_000 + ((index * 618_033_989 + 271_828_183) % 900_000_000) * 1_000 + (index % 1_000),
  );
}

function createUnits(): Map<string, OrganizationalUnit> {
  const root = 'r-ab12';
  const top = UNITS.map((name, i) => ({
    id: `ou-ab12-${'a'.repeat(7)}${i}`,
    name,
    parentId: root,
  }));
  const workloads = top.at(-1)?.id ?? root;
  const stages = STAGES.map((name, i) => ({
    id: `ou-ab12-${'b'.repeat(7)}${i}`,
    name,
    parentId: workloads,
  }));
  return new Map([...top, ...stages].map((unit) => [unit.id, unit]));
}

function createAccount(organization: Organization, index: number, joinedAt: number): Account {
  const units = [...organization.units.values()].filter(({ name }) => name !== 'Workloads');
  const unit = units[index % units.length];
  const team = TEAMS[index % TEAMS.length] ?? 'team';
  const name =
    index === 0
      ? 'management'
      : `${team}-${unit?.name.toLowerCase() ?? 'root'}-${String(index).padStart(4, '0')}`;
  return {
    id: accountId(index),
    name,
    state: 'ACTIVE',
    joinedAt,
    parentId: index === 0 || unit === undefined ? organization.rootId : unit.id,
  };
}

function createPack(
  organization: Organization,
  region: string,
  index: number,
  options: SeedOptions,
  random: Random,
): OrganizationPack {
  const base = PACK_NAMES[index % PACK_NAMES.length] ?? 'Pack';
  const round = Math.floor(index / PACK_NAMES.length);
  const name = round === 0 ? base : `${base}-${round + 1}`;
  const suffix = Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
  const owner = organization.managementAccountId;
  const pack: OrganizationPack = {
    owner,
    region,
    name,
    arn: `arn:aws:config:${region}:${owner}:organization-conformance-pack/${name}-${suffix}`,
    rollUp: {
      status: 'CREATE_SUCCESSFUL',
      updatedAt: options.now - Math.round(DAY * (1 + 60 * random())),
    },
    excludedAccounts: [],
    members: [],
  };
  // Every third pack has failures, every third is being rolled out, and the rest is as it should be.
  const kind = index % 3;
  for (const account of organization.accounts.values()) {
    pack.members.push(createMember(account.id, kind, options, random));
  }
  if (pack.members.some(({ status }) => status === 'CREATE_FAILED')) {
    setRollUp(pack, 'CREATE_FAILED', options.now);
  }
  if (kind === 1) pack.rollUp.status = 'UPDATE_IN_PROGRESS';
  return pack;
}

function createMember(
  account: string,
  kind: number,
  { failing = 0.05, now }: SeedOptions,
  random: Random,
): MemberDeployment {
  const updatedAt = now - Math.round(HOUR * (1 + 200 * random()));
  if (kind === 0 && random() < failing) {
    return { accountId: account, status: 'CREATE_FAILED', updatedAt, ...pick(random, FAILURES) };
  }
  if (kind === 1 && random() < 0.3) {
    return {
      accountId: account,
      status: 'UPDATE_IN_PROGRESS',
      updatedAt: now - Math.round(HOUR * random()),
    };
  }
  return {
    accountId: account,
    status: kind === 1 ? 'UPDATE_SUCCESSFUL' : 'CREATE_SUCCESSFUL',
    updatedAt,
  };
}
