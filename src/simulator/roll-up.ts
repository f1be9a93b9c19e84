import { setDeployment, type OrganizationPack } from './organization.js';

/** Sets what AWS says of a pack as a whole; of a failure it gives the first account's code. */
export function setRollUp(pack: OrganizationPack, status: string, updatedAt: number): void {
  const failed = pack.members.filter((member) => member.status.endsWith('_FAILED'));
  const errorCode = failed[0]?.errorCode;
  setDeployment(pack.rollUp, {
    status,
    updatedAt,
    ...(status.endsWith('_FAILED') && {
      ...(errorCode !== undefined && { errorCode }),
      errorMessage: `Conformance pack deployment failed in ${failed.length} account(s).`,
    }),
  });
}

/** Brings the roll-up in line with the accounts, as AWS does where it does not forget to. */
export function rollUp(pack: OrganizationPack, now: number): void {
  const statuses = pack.members.map(({ status }) => status);
  const busy = statuses.some((status) => status.endsWith('_IN_PROGRESS'));
  const failed = statuses.some((status) => status.endsWith('_FAILED'));
  const [operation = 'CREATE'] = (statuses[0] ?? pack.rollUp.status).split('_');
  const status = `${operation}_${busy ? 'IN_PROGRESS' : failed ? 'FAILED' : 'SUCCESSFUL'}`;
  if (status !== pack.rollUp.status) setRollUp(pack, status, now);
}
