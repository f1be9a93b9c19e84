import { NO_RECORDER, NO_ACCESS } from './failures.js';
import {
  setDeployment,
  type Account,
  type MemberDeployment,
  type Organization,
  type OrganizationPack,
} from './organization.js';
import { setRollUp } from './roll-up.js';

/** What scenarios do to an organization before it is looked at. Times in milliseconds since the epoch. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Makes every pack complete in every account, so that one trouble stands out. */
export function settle({ packs }: Organization): void {
  for (const { members, rollUp } of packs) {
    for (const deployment of [rollUp, ...members]) {
      deployment.status = 'CREATE_SUCCESSFUL';
      delete deployment.errorCode;
      delete deployment.errorMessage;
    }
  }
}

/** The first pack of each Region. */
export function firstPacks({ packs }: Organization): OrganizationPack[] {
  const regions = new Set(packs.map(({ region }) => region));
  return [...regions].flatMap((region) => packs.find((pack) => pack.region === region) ?? []);
}

/** An account that is not the management account. */
function lastAccount({ accounts }: Organization): Account {
  const account = [...accounts.values()].at(-1);
  if (account === undefined) throw new RangeError('the organization has no account');
  return account;
}

function membersOf({ packs }: Organization, { id }: Account): MemberDeployment[] {
  return packs.flatMap(({ members }) => members.filter(({ accountId }) => accountId === id));
}

/** One account fails, and AWS forgets to bring the roll-up to its end. */
export function stickRollUps(organization: Organization, now: number): void {
  for (const { members, rollUp } of firstPacks(organization)) {
    setDeployment(rollUp, { status: 'CREATE_IN_PROGRESS', updatedAt: now - 2 * DAY });
    const member = members.at(-1);
    if (member === undefined) continue;
    setDeployment(member, { status: 'CREATE_FAILED', updatedAt: now - DAY, ...NO_RECORDER });
  }
}

/** Four accounts in five fail. */
export function failMost(organization: Organization, now: number): void {
  for (const pack of firstPacks(organization)) {
    pack.members.forEach((member, index) => {
      if (index % 5 === 0) return;
      setDeployment(member, { status: 'CREATE_FAILED', updatedAt: now - HOUR, ...NO_RECORDER });
    });
    setRollUp(pack, 'CREATE_FAILED', now - HOUR);
  }
}

/** An account has just joined, and lacks what packs need. */
export function welcome(organization: Organization, now: number): void {
  const account = lastAccount(organization);
  account.joinedAt = now - HOUR;
  for (const member of membersOf(organization, account)) {
    setDeployment(member, { status: 'CREATE_FAILED', updatedAt: now - HOUR / 2, ...NO_RECORDER });
  }
  for (const pack of organization.packs) setRollUp(pack, 'CREATE_FAILED', now - HOUR / 2);
}

export function suspend(organization: Organization, now: number): void {
  const account = lastAccount(organization);
  account.state = 'SUSPENDED';
  for (const member of membersOf(organization, account)) {
    setDeployment(member, { status: 'UPDATE_FAILED', updatedAt: now - DAY, ...NO_ACCESS });
  }
  for (const pack of organization.packs) setRollUp(pack, 'UPDATE_FAILED', now - DAY);
}

/** AWS reports nothing about an account that no pack excludes; every pack excludes another. */
export function forget(organization: Organization): void {
  const forgotten = lastAccount(organization).id;
  for (const pack of organization.packs) leaveOut(pack, forgotten);
}

/** A pack is not reported for an account, and excludes its second one. */
function leaveOut(pack: OrganizationPack, forgotten: string): void {
  const [, excluded] = pack.members;
  pack.excludedAccounts = excluded === undefined ? [] : [excluded.accountId];
  const left = new Set([forgotten, ...pack.excludedAccounts]);
  pack.members = pack.members.filter(({ accountId }) => !left.has(accountId));
}

/** What an organization comes to in time: an account is closed, another has been forgotten. */
export function grow(organization: Organization, now: number): void {
  const closed = lastAccount(organization);
  closed.state = 'CLOSED';
  for (const pack of firstPacks(organization)) {
    leaveOut(pack, pack.members[2]?.accountId ?? '');
    const member = pack.members.find(({ accountId }) => accountId === closed.id);
    if (member)
      setDeployment(member, { status: 'UPDATE_FAILED', updatedAt: now - DAY, ...NO_ACCESS });
    setRollUp(pack, 'UPDATE_FAILED', now - HOUR);
  }
}

/** An account becomes delegated administrator, and deploys a pack whose name is taken already. */
export function delegate(organization: Organization): void {
  const account = lastAccount(organization);
  account.name = 'security-tooling';
  organization.delegatedAdministrators.add(account.id);
  for (const pack of firstPacks(organization)) {
    const arn = pack.arn.replace(pack.owner, account.id);
    organization.packs.push({ ...structuredClone(pack), owner: account.id, arn });
  }
}

/** An account has been in progress for much longer than a deployment takes. */
export function stall(organization: Organization, now: number): void {
  for (const { members, rollUp } of firstPacks(organization)) {
    for (const deployment of [rollUp, ...members.slice(-1)]) {
      setDeployment(deployment, { status: 'UPDATE_IN_PROGRESS', updatedAt: now - 2 * DAY });
    }
  }
}

/** A deletion that is done in some accounts, under way in others, and failed in one. */
export function deletePartly(organization: Organization, now: number): void {
  for (const pack of firstPacks(organization)) {
    pack.members.forEach((member, index) => {
      const status = index % 2 === 0 ? 'DELETE_SUCCESSFUL' : 'DELETE_IN_PROGRESS';
      setDeployment(member, { status, updatedAt: now - HOUR });
    });
    const last = pack.members.at(-1);
    if (last) setDeployment(last, { status: 'DELETE_FAILED', updatedAt: now - HOUR, ...NO_ACCESS });
    setRollUp(pack, 'DELETE_FAILED', now - HOUR);
  }
}

/** A deletion that has just begun everywhere. */
export function beginDeletion(organization: Organization, now: number): void {
  for (const { members, rollUp } of firstPacks(organization)) {
    for (const deployment of [rollUp, ...members]) {
      setDeployment(deployment, { status: 'DELETE_IN_PROGRESS', updatedAt: now });
    }
  }
}

/** All that AWS rules out nowhere: rows twice, values that nobody knows, times that cannot be. */
export function answerOddly(organization: Organization, now: number): void {
  for (const pack of firstPacks(organization)) {
    const codes = ['', 'Odd"Code\\Exception', 'New\nLine', 'Strange'.repeat(40)];
    pack.members.forEach((member, index) => {
      const errorCode = codes[index % codes.length] ?? '';
      const code = errorCode === '' ? {} : { errorCode: `${errorCode}${index}` };
      const errorMessage = `<script>alert(${index})</script> "quoted" \\ ${'long '.repeat(400)}`;
      setDeployment(member, { status: 'CREATE_FAILED', updatedAt: now, ...code, errorMessage });
    });
    const [first, second, third] = pack.members;
    if (first === undefined || second === undefined || third === undefined) continue;
    setDeployment(second, { status: 'PAUSED', updatedAt: now + DAY });
    setDeployment(third, { status: 'CREATE_SUCCESSFUL' });
    pack.members.push({ ...first, status: 'UPDATE_SUCCESSFUL', updatedAt: now - HOUR });
    setDeployment(pack.rollUp, { status: 'ROLLED_BACK', updatedAt: now + DAY });
  }
}
