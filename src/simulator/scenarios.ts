import {
  answerOddly,
  beginDeletion,
  delegate,
  deletePartly,
  failMost,
  forget,
  grow,
  settle,
  stall,
  stickRollUps,
  suspend,
  welcome,
} from './arrange.js';
import { finishDeletions, flap, spread, standStill, type Life } from './evolve.js';
import type { Organization } from './organization.js';
import type { Simulator } from './server.js';

/** What befalls an organization. To add one, add a row; `simulate --help` and `--demo` know it then. */
export interface Scenario {
  readonly summary: string;
  /** How large the organization is, where nobody says otherwise. */
  readonly size?: { readonly accounts: number; readonly packs: number };
  /** Changes the simulator once it has been started. `now` in milliseconds since the epoch. */
  readonly arrange?: (simulator: Simulator, now: number) => void;
  /** What happens at each step; without it the organization lives as in `rollout`. */
  readonly life?: Life;
}

/** A scenario in which all is well but for one thing. */
function only(
  summary: string,
  trouble: (organization: Organization, now: number) => void,
  life: Life = standStill,
): Scenario {
  return {
    summary,
    arrange: ({ organization }, now) => {
      settle(organization);
      trouble(organization, now);
    },
    life,
  };
}

const NAMED = {
  rollout: {
    summary:
      'Packs being rolled out: deployments end well or badly, accounts join, failures get mended.',
    arrange: ({ organization }, now) => grow(organization, now),
  },
  large: {
    summary: 'As rollout, with 2,000 accounts and 20 packs a Region.',
    size: { accounts: 2000, packs: 20 },
    arrange: ({ organization }, now) => grow(organization, now),
  },
  healthy: only('Every pack is complete in every account, and nothing happens.', () => undefined),
  'stuck-rollup': only(
    'AWS reports a pack as in progress for ever, though every account has finished and one has failed.',
    stickRollUps,
  ),
  'stuck-account': only('A pack has been in progress in one account for two days.', stall),
  'mass-failure': only(
    'A pack has failed in four accounts of five, for want of a configuration recorder.',
    failMost,
  ),
  'spreading-failure': only(
    'A pack that was complete fails in ever more accounts.',
    () => undefined,
    spread,
  ),
  flapping: only(
    'Every pack fails in one account at one step and succeeds at the next.',
    () => undefined,
    flap,
  ),
  'new-account': only(
    'An account joined an hour ago and has no configuration recorder yet, so that every pack fails there.',
    welcome,
  ),
  'suspended-account': only(
    'An account is suspended, so that no pack can be updated there.',
    suspend,
  ),
  'missing-account': only(
    'AWS reports nothing about an active account, though no pack excludes it.',
    forget,
  ),
  'delegated-admin': only(
    'A delegated administrator has deployed a pack under a name that the management account uses too.',
    delegate,
  ),
  deleting: only(
    'A pack is being deleted: done in some accounts, under way in others, failed in one.',
    deletePartly,
  ),
  'vanishing-pack': {
    ...only(
      'A pack is deleted, account by account, until it is gone.',
      beginDeletion,
      finishDeletions,
    ),
    // So few that nobody waits long for the last of them.
    size: { accounts: 8, packs: 6 },
  },
  'many-packs': {
    ...only('48 of the 50 packs that AWS allows in a Region.', () => undefined),
    size: { accounts: 10, packs: 48 },
  },
  'odd-answers': only(
    'Rows that come twice, statuses and error codes that nobody knows, times that cannot be, messages full of markup.',
    answerOddly,
  ),
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
  'organizations-denied': {
    summary: 'IAM allows nothing of AWS Organizations, so that accounts have no names.',
    arrange: ({ faults }) => {
      faults.add({ service: 'organizations', kind: 'denied' });
    },
  },
  'organizations-unreachable': {
    summary: 'AWS Organizations breaks off every connection, so that accounts have no names.',
    arrange: ({ faults }) => {
      faults.add({ service: 'organizations', kind: 'reset' });
    },
  },
  'expired-credentials': {
    summary: 'The credentials have expired.',
    arrange: ({ faults }) => {
      faults.add({
        kind: 'error',
        code: 'ExpiredTokenException',
        message: 'The security token included in the request is expired',
      });
    },
  },
  'hanging-credentials': {
    summary: 'The role that is to be assumed takes the request and never answers.',
    arrange: ({ faults }) => {
      faults.add({ service: 'sts', operation: 'AssumeRole', kind: 'hang' });
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

export type ScenarioName = keyof typeof NAMED;

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = NAMED;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];
