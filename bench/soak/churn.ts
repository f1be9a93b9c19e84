import {
  setDeployment,
  type MemberDeployment,
  type Organization,
  type OrganizationPack,
} from '../../src/simulator/organization.js';
import { setRollUp } from '../../src/simulator/roll-up.js';

let steps = 0;

/** A pack fails in an account for half of so many steps, and is mended for the other half. */
const FAILING_PERIOD = 20;

/**
 * One step in the life of an organization. Whatever comes was never seen before, and all of it stays as
 * large as it is, to the length of each name: whoever holds more afterwards holds what is gone.
 *
 * Half of the accounts and half of the packs stay for good; of the others the oldest account and the
 * oldest pack are replaced. Every second pack is at rest; in each of the others a twentieth of the accounts
 * fail, with a new code and a message of their own, and as many are mended.
 */
export function churn(organization: Organization, now: number): void {
  const { packs } = organization;
  const step = String(++steps).padStart(8, '0');
  replaceAccount(organization, step, now);
  const half = Math.floor(packs.length / 2);
  replacePack(packs, half + (steps % (packs.length - half)), step, now);
  for (const pack of packs.filter((_, position) => position % 2 === 0)) {
    pack.members.forEach((member, index) => {
      const since = (steps + index) % FAILING_PERIOD;
      if (since === 0) fail(member, step, now);
      if (since === FAILING_PERIOD / 2) {
        setDeployment(member, { status: 'UPDATE_SUCCESSFUL', updatedAt: now });
      }
    });
    const failed = pack.members.some(({ status }) => status.endsWith('_FAILED'));
    setRollUp(pack, failed ? 'UPDATE_FAILED' : 'UPDATE_SUCCESSFUL', now);
  }
}

function fail(member: MemberDeployment, step: string, now: number): void {
  setDeployment(member, {
    status: 'UPDATE_FAILED',
    updatedAt: now,
    errorCode: `Code${step}Exception`,
    errorMessage: `It failed at step ${step} in ${member.accountId}.`,
  });
}

function replaceAccount({ accounts, packs }: Organization, step: string, now: number): void {
  const leaving = [...accounts.values()][Math.floor(accounts.size / 2)];
  if (leaving === undefined) return;
  // No account of the simulator's begins with a zero, and AWS gives no id twice.
  const id = step.padStart(12, '0');
  accounts.delete(leaving.id);
  accounts.set(id, { ...leaving, id, name: `joined-${step}`, joinedAt: now });
  for (const { members } of packs) {
    const member = members.find(({ accountId }) => accountId === leaving.id);
    if (member) member.accountId = id;
  }
}

function replacePack(packs: OrganizationPack[], position: number, step: string, now: number): void {
  const old = packs[position];
  if (old === undefined) return;
  const name = `Pack-${step}`;
  packs[position] = {
    ...old,
    name,
    arn: `arn:aws:config:${old.region}:${old.owner}:organization-conformance-pack/${name}-${step}`,
    rollUp: { status: 'CREATE_SUCCESSFUL', updatedAt: now },
  };
}
