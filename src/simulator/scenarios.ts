import type { Simulator } from './server.js';

/** What befalls an organization. To add one, add a row; `simulate --help` and `--demo` know it then. */
export interface Scenario {
  readonly summary: string;
  /** How large the organization is, where nobody says otherwise. */
  readonly size?: { readonly accounts: number; readonly packs: number };
  /** Changes the simulator once it has been started. */
  readonly arrange?: (simulator: Simulator) => void;
}

export const SCENARIOS = {
  rollout: {
    summary:
      'Packs being rolled out: deployments end well or badly, accounts join, failures get mended.',
  },
  large: {
    summary: 'As rollout, with 2,000 accounts and 20 packs a Region.',
    size: { accounts: 2000, packs: 20 },
  },
  throttled: {
    summary: 'AWS takes three requests a second and refuses the rest.',
    arrange: ({ faults }) => {
      faults.add({ service: 'config', kind: 'rate-limit', perSecond: 3, burst: 10 });
    },
  },
  outage: {
    summary: 'Every other answer of AWS Config is an error of the service, a page of HTML or none.',
    arrange: ({ faults }) => {
      const half = { service: 'config', probability: 0.2 } as const;
      faults.add({ ...half, kind: 'error', code: 'InternalFailure', message: '', status: 500 });
      faults.add({ ...half, kind: 'html' });
      faults.add({ ...half, kind: 'reset' });
    },
  },
  'hanging-region': {
    summary: 'One Region takes requests and never answers.',
    arrange: ({ faults, organization }) => {
      const regions = organization.packs.map(({ region }) => region);
      faults.add({ service: 'config', region: regions.at(-1) ?? '', kind: 'hang' });
    },
  },
  'access-denied': {
    summary: 'IAM allows the listing of packs and nothing else.',
    arrange: ({ faults }) => {
      for (const operation of [
        'DescribeOrganizationConformancePacks',
        'GetOrganizationConformancePackDetailedStatus',
      ]) {
        faults.add({ service: 'config', operation, kind: 'denied' });
      }
    },
  },
  'not-in-organization': {
    summary: 'The caller is neither the management account nor a delegated administrator.',
    arrange: ({ faults }) => {
      faults.add({
        service: 'config',
        kind: 'error',
        code: 'OrganizationAccessDeniedException',
        message:
          'This action can only be performed by the master account or a delegated administrator of the organization.',
      });
    },
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];
