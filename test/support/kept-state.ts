import { NO_TRANSITIONS } from '../../src/conformance/transitions.js';
import type { KeptState } from '../../src/refresh/store.js';
import { detailOf, packOf } from './columns.js';

const READ_AT = Date.UTC(2026, 0, 1);

/** A state that has something of everything that is kept. */
export const KEPT_STATE: KeptState = {
  scopes: [
    {
      scope: { source: 'audit', region: 'eu-west-1' },
      access: '["audit",null]',
      lastSuccessAt: READ_AT,
      snapshot: {
        listedAt: READ_AT - 1_000,
        listed: new Set(['Guardrails', 'Logging', 'Other-Team']),
        packs: [
          packOf('Guardrails', {
            rollUp: {
              status: 'CREATE_FAILED',
              updatedAt: READ_AT - 60_000,
              errorCode: 'other',
              rawCode: 'NewFailure',
              errorMessage: 'A failure that is in no table.',
            },
            description: {
              arn: 'arn:aws:config:eu-west-1:1:pack',
              excludedAccounts: ['222222222222'],
            },
            detail: {
              ...detailOf(
                [
                  {
                    accountId: '111111111111',
                    status: 'CREATE_SUCCESSFUL',
                    updatedAt: READ_AT - 9,
                  },
                  {
                    accountId: '333333333333',
                    status: 'CREATE_FAILED',
                    updatedAt: READ_AT - 8,
                    errorCode: 'NoAvailableConfigurationRecorder',
                    errorMessage: 'There is no recorder.',
                  },
                  {
                    accountId: '444444444444',
                    status: 'CREATE_FAILED',
                    errorCode: 'ResourceInUse',
                  },
                  { accountId: '555555555555', status: 'UPDATE_FAILED', errorCode: 'Strange' },
                  { accountId: '666666666666', status: 'DELETE_FAILED' },
                  { accountId: '777777777777', status: 'PAUSED' },
                ],
                READ_AT,
              ),
              rollUp: { status: 'CREATE_FAILED' },
              mismatch: false,
            },
            transitions: new Map([...NO_TRANSITIONS, ['CREATE_FAILED', 3]]),
          }),
          packOf('Logging'),
        ],
      },
    },
    { scope: { source: 'audit', region: 'us-east-1' } },
  ],
  sources: [
    {
      name: 'audit',
      identity: { accountId: '111111111111', partition: 'aws' },
      organizationId: 'o-a1b2c3d4e5',
      organization: {
        readAt: READ_AT,
        managementAccountId: '111111111111',
        accounts: new Map([
          [
            '111111111111',
            {
              id: '111111111111',
              name: 'Management',
              state: 'ACTIVE',
              joinedAt: READ_AT - 1e9,
              unitId: 'r-ab12',
              unitPath: 'Root',
            },
          ],
        ]),
        unitNames: new Map([['r-ab12', 'Root']]),
      },
    },
  ],
};
