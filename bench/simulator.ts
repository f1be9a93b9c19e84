import { settle } from '../src/simulator/arrange.js';
import { NO_RECORDER } from '../src/simulator/failures.js';
import { setDeployment, type Organization } from '../src/simulator/organization.js';
import { createOrganization } from '../src/simulator/seed.js';
import { startSimulator } from '../src/simulator/server.js';
import {
  REGION,
  type RequestCount,
  type SimulatorQuestion,
  type SimulatorReady,
  type SimulatorSize,
} from './simulated.js';
import { churn } from './soak/churn.js';

/** The process of the simulated AWS. */

const { accounts, failureEvery, latencyMs, packs } = JSON.parse(
  process.argv[2] ?? '',
) as SimulatorSize;
const now = Date.now();
const organization = createOrganization({ seed: 1, accounts, packs, regions: [REGION], now });
settle(organization);
if (failureEvery !== undefined) failSome(organization, failureEvery);
const { credentials, faults, requests, url } = await startSimulator({
  organization,
  clock: Date.now,
  latencyMs,
});

process.on('disconnect', () => process.exit());
process.on('message', (question: SimulatorQuestion) => process.send?.(answer(question)));
const { accessKeyId, secretAccessKey } = credentials(organization.managementAccountId);
const ready: SimulatorReady = { url, credentials: { accessKeyId, secretAccessKey } };
process.send?.(ready);

/** In each pack one account in so many failed, in each another one. */
function failSome({ packs }: Organization, every: number): void {
  packs.forEach(({ members }, pack) => {
    members.forEach((member, account) => {
      if ((account + pack) % every !== 0) return;
      setDeployment(member, { status: 'CREATE_FAILED', updatedAt: now, ...NO_RECORDER });
    });
  });
}

function answer(question: SimulatorQuestion): object {
  if (question === 'count') return count();
  if (question === 'churn') churn(organization, Date.now());
  else {
    faults.clear();
    faults.add({ service: 'config', kind: 'rate-limit', ...question.limit });
  }
  return {};
}

function count(): RequestCount {
  const refused = requests.all.filter(({ status }) => status === 400).length;
  const counted = { requests: requests.all.length, refused };
  requests.clear();
  return counted;
}
