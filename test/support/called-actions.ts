import type { Organization } from '../../src/simulator/organization.js';
import type { LoggedRequest } from '../../src/simulator/request-log.js';
import type { Simulator } from '../../src/simulator/server.js';
import {
  collectorOf,
  organizationOf,
  REGION,
  simulated,
  type CollectorInput,
} from './simulated.js';

/** A call that the exporter made, as IAM sees it. */
export interface CalledAction {
  readonly action: string;
  /** What it is about; `*` where AWS defines no resource for the action. */
  readonly resource: string;
}

/** Asked of everybody and allowed to everybody. */
const NEEDS_NO_PERMISSION = 'sts:GetCallerIdentity';

/** The role that the exporter assumes in {@link calledActions}. */
export const ASSUMED_ROLE = 'arn:aws:iam::444455556666:role/conformance-pack-reader';

/** What the exporter calls to read everything once, recorded from the simulator. */
export async function calledActions(
  flags: CollectorInput['flags'] = {},
): Promise<readonly CalledAction[]> {
  const organization = delegatedOrganization();
  const simulator = await simulated(organization);
  const exporter = collectorOf(simulator, {
    accountId: '777788889999',
    flags: { 'aws.role-arn': ASSUMED_ROLE, ...flags },
  });
  await exporter.look();
  const failed = simulator.requests.all.filter(({ status }) => status !== 200);
  if (failed.length > 0) throw new Error(JSON.stringify(failed));
  if (exporter.failures[REGION]?.length !== 0) throw new Error(exporter.message);
  return simulator.requests.all
    .map((request) => ({
      action: `${request.service}:${request.operation}`,
      resource: resourceOf(request, simulator),
    }))
    .filter(({ action }) => action !== NEEDS_NO_PERMISSION);
}

/** An organization whose packs all come from the account of that role. */
function delegatedOrganization(): Organization {
  const organization = organizationOf({ accounts: 12 });
  const delegate = ASSUMED_ROLE.split(':')[4] ?? '';
  const { managementAccountId } = organization;
  const packs = organization.packs.map((pack) => ({
    ...pack,
    owner: delegate,
    arn: pack.arn.replace(managementAccountId, delegate),
  }));
  return { ...organization, delegatedAdministrators: new Set([delegate]), packs };
}

/** From the service authorization reference of AWS. */
function resourceOf({ operation, pack }: LoggedRequest, { organization }: Simulator): string {
  switch (operation) {
    case 'GetOrganizationConformancePackDetailedStatus':
      return organization.packs.find(({ name }) => name === pack)?.arn ?? 'unknown';
    case 'DescribeOrganizationalUnit': {
      const [unit] = organization.units.keys();
      const { id, managementAccountId } = organization;
      return `arn:aws:organizations::${managementAccountId}:ou/${id}/${unit ?? ''}`;
    }
    case 'AssumeRole':
      return ASSUMED_ROLE;
    default:
      return '*';
  }
}
