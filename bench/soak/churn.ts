import {
  setDeployment,
  type Organization,
  type OrganizationPack,
} from '../../src/simulator/organization.js';
import { setRollUp } from '../../src/simulator/roll-up.js';
import { joinAccount } from '../../src/simulator/seed.js';

let steps = 0;

/**
 * One step in the life of an organization that stays as large as it is: an account leaves and another
 * joins, a pack is deleted and another is made, and in a tenth of the accounts a pack fails or is
 * mended, each time with a message of its own.
 */
export function churn(organization: Organization, now: number): void {
  steps++;
  replaceAccount(organization, now);
  replacePack(organization, now);
  for (const pack of organization.packs) {
    pack.members.forEach((member, index) => {
      if ((index + steps) % 10 !== 0) return;
      const failed = !member.status.endsWith('_FAILED');
      setDeployment(member, {
        status: failed ? 'UPDATE_FAILED' : 'UPDATE_SUCCESSFUL',
        updatedAt: now,
        ...(failed && {
          errorCode: `Code${steps}Exception`,
          errorMessage: `It failed at step ${steps} in ${member.accountId}.`,
        }),
      });
    });
    const failed = pack.members.some(({ status }) => status.endsWith('_FAILED'));
    setRollUp(pack, failed ? 'UPDATE_FAILED' : 'UPDATE_SUCCESSFUL', now);
  }
}

function replaceAccount(organization: Organization, now: number): void {
  const { accounts, managementAccountId, packs } = organization;
  const leaving = [...accounts.keys()].find((id) => id !== managementAccountId);
  const { id } = joinAccount(organization, now);
  if (leaving !== undefined) accounts.delete(leaving);
  for (const { members } of packs) {
    const member = members.find(({ accountId }) => accountId === leaving);
    if (member) member.accountId = id;
  }
}

function replacePack({ packs }: Organization, now: number): void {
  const old = packs.shift();
  if (old === undefined) return;
  const name = `Pack-${steps}`;
  const made: OrganizationPack = {
    ...old,
    name,
    arn: `arn:aws:config:${old.region}:${old.owner}:organization-conformance-pack/${name}-${String(steps).padStart(8, '0')}`,
    rollUp: { status: 'CREATE_SUCCESSFUL', updatedAt: now },
  };
  packs.push(made);
}
