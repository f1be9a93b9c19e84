import { firstPacks } from './arrange.js';
import { FAILURES, NO_RECORDER } from './failures.js';
import {
  setDeployment,
  type MemberDeployment,
  type Organization,
  type OrganizationPack,
} from './organization.js';
import { pick, type Random } from './random.js';
import { rollUp } from './roll-up.js';
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
export type Life = (organization: Organization, random: Random, now: number) => void;

/** Nothing happens. */
export const standStill: Life = () => undefined;

/** Deployments end well or badly, accounts join, failures get mended. */
export const evolve: Life = (organization, random, now) => {
  if (random() < CHANCES.join) {
    const { id } = joinAccount(organization, now);
    for (const pack of organization.packs) {
      pack.members.push({ accountId: id, status: 'CREATE_IN_PROGRESS', updatedAt: now });
    }
  }
  for (const pack of organization.packs) evolvePack(organization, pack, random, now);
};

/** In one account of each pack the deployment fails at one step and succeeds at the next. */
export const flap: Life = ({ packs }, _random, now) => {
  for (const pack of packs) {
    const member = pack.members.at(-1);
    if (member === undefined) continue;
    const fails = member.status !== 'UPDATE_FAILED';
    const status = fails ? 'UPDATE_FAILED' : 'UPDATE_SUCCESSFUL';
    setDeployment(member, { status, updatedAt: now, ...(fails && NO_RECORDER) });
    rollUp(pack, now);
  }
};

/** The first pack of each Region fails in ever more accounts, until it has failed in all. */
export const spread: Life = (organization, random, now) => {
  for (const pack of firstPacks(organization)) {
    for (const member of pack.members) {
      if (!member.status.endsWith('_FAILED') && random() < CHANCES.settle) {
        setDeployment(member, { status: 'UPDATE_FAILED', updatedAt: now, ...NO_RECORDER });
      }
    }
    rollUp(pack, now);
  }
};

/**
 * Deletions go on account by account; a pack that is deleted everywhere is gone
 * at the next step. */
export const finishDeletions: Life = (organization, random, now) => {
  organization.packs = organization.packs.filter(({ rollUp: { status } }) => !isDeleted(status));
  for (const pack of organization.packs) {
    for (const member of pack.members) {
      if (member.status === 'DELETE_IN_PROGRESS' && random() < CHANCES.settle) {
        setDeployment(member, { status: 'DELETE_SUCCESSFUL', updatedAt: now });
      }
    }
    rollUp(pack, now);
  }
};

function isDeleted(status: string): boolean {
  return status === 'DELETE_SUCCESSFUL';
}

function evolvePack(
  { accounts }: Organization,
  pack: OrganizationPack,
  random: Random,
  now: number,
): void {
  for (const member of pack.members) {
    // Where an account is closed nothing can be mended.
    if (accounts.get(member.accountId)?.state === 'ACTIVE') evolveMember(member, random, now);
  }
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
