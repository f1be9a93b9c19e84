import { FAILURES } from './failures.js';
import {
  setDeployment,
  type MemberDeployment,
  type Organization,
  type OrganizationPack,
} from './organization.js';
import { pick, type Random } from './random.js';
import { joinAccount } from './seed.js';

/** How likely it is, in one step, that … */
const CHANCES = {
  /** … a deployment under way in one account ends. */
  settle: 0.4,
  /** … it ends badly. */
  fail: 0.05,
  /** … somebody mends a failed account. */
  mend: 0.1,
  /** … somebody updates a pack that is at rest. */
  update: 0.03,
  /** … an account joins. */
  join: 0.1,
} as const;

/** One step of time in the life of an organization. `now` in milliseconds since the epoch. */
export function evolve(organization: Organization, random: Random, now: number): void {
  if (random() < CHANCES.join) {
    const { id } = joinAccount(organization, now);
    for (const pack of organization.packs) {
      pack.members.push({ accountId: id, status: 'CREATE_IN_PROGRESS', updatedAt: now });
    }
  }
  for (const pack of organization.packs) evolvePack(pack, random, now);
}

function evolvePack(pack: OrganizationPack, random: Random, now: number): void {
  for (const member of pack.members) evolveMember(member, random, now);
  const settled = pack.members.every(({ status }) => !status.endsWith('_IN_PROGRESS'));
  if (settled && random() < CHANCES.update) {
    for (const member of pack.members) {
      setDeployment(member, { status: 'UPDATE_IN_PROGRESS', updatedAt: now });
    }
  }
  rollUp(pack, now);
}

function evolveMember(member: MemberDeployment, random: Random, now: number): void {
  const [operation = 'CREATE'] = member.status.split('_');
  if (member.status.endsWith('_IN_PROGRESS') && random() < CHANCES.settle) {
    const failed = random() < CHANCES.fail;
    setDeployment(member, {
      status: `${operation}_${failed ? 'FAILED' : 'SUCCESSFUL'}`,
      updatedAt: now,
      ...(failed && pick(random, FAILURES)),
    });
  } else if (member.status.endsWith('_FAILED') && random() < CHANCES.mend) {
    setDeployment(member, { status: 'UPDATE_IN_PROGRESS', updatedAt: now });
  }
}

/** Brings the roll-up in line with the accounts, as AWS does where it does not forget to. */
export function rollUp(pack: OrganizationPack, now: number): void {
  const failed = pack.members.filter(({ status }) => status.endsWith('_FAILED'));
  const busy = pack.members.some(({ status }) => status.endsWith('_IN_PROGRESS'));
  const [operation = 'CREATE'] = (pack.members[0]?.status ?? pack.rollUp.status).split('_');
  const outcome = busy ? 'IN_PROGRESS' : failed.length > 0 ? 'FAILED' : 'SUCCESSFUL';
  const status = `${operation}_${outcome}`;
  if (status === pack.rollUp.status) return;
  const [first] = failed;
  setDeployment(pack.rollUp, {
    status,
    updatedAt: now,
    ...(outcome === 'FAILED' &&
      first?.errorCode !== undefined && {
        errorCode: first.errorCode,
        errorMessage: `Conformance pack deployment failed in ${failed.length} account(s).`,
      }),
  });
}
