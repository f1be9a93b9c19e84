import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/refresh/store.js';
import { findPack, packDetail } from '../../../src/status/pack-detail.js';
import type { PackDetailStatus } from '../../../src/status/pack-detail.js';
import { packOf } from '../../support/columns.js';
import {
  accountId,
  failWith,
  learnOrganization,
  momentOf,
  packWith,
  reports,
} from '../../support/moment.js';
import { snapshotOf, storeOf } from '../../support/render.js';

const KEY = { source: 'default', region: 'eu-west-1', pack: 'Base' };

async function detailIn(store: Store, now = 0, maxStalenessMs = 0): Promise<PackDetailStatus> {
  const moment = await momentOf(store, now, maxStalenessMs);
  const pack = findPack(moment, KEY);
  if (pack === undefined) throw new Error('no such pack');
  return packDetail(pack, moment);
}

describe('the detail of a pack', () => {
  it('is everything that is known of it', async () => {
    const pack = packWith(
      'Base',
      [
        { accountId: accountId(1), status: 'CREATE_FAILED', updatedAt: 3_000, errorCode: 'Odd' },
        { accountId: accountId(2), status: 'UPDATE_IN_PROGRESS', updatedAt: 2_000 },
        { accountId: accountId(3), status: 'PAUSED' },
        { accountId: accountId(4), status: 'CREATE_SUCCESSFUL' },
      ],
      {
        status: 'CREATE_SUCCESSFUL',
        updatedAt: 1_000,
        errorCode: 'ResourceInUse',
        errorMessage: 'in use',
      },
      9_000,
    );
    const store = storeOf([snapshotOf([pack])], ['Base']);
    learnOrganization(store, [
      { id: accountId(1), state: 'SUSPENDED' },
      { id: accountId(4) },
      { id: accountId(5) },
    ]);
    store.learn('default', { identity: { accountId: accountId(1), partition: 'aws-us-gov' } });
    expect(await detailIn(store, 10_000)).toEqual({
      ...KEY,
      time: '1970-01-01T00:00:10.000Z',
      state: 'failed',
      expected: true,
      rollUp: {
        status: 'CREATE_SUCCESSFUL',
        outcome: 'successful',
        updatedAt: '1970-01-01T00:00:01.000Z',
        errorCode: 'ResourceInUse',
        errorMessage: 'in use',
      },
      mismatch: true,
      accounts: {
        reported: 4,
        failed: 1,
        inProgress: 1,
        successful: 1,
        unknown: 1,
        byStatus: [
          { status: 'CREATE_SUCCESSFUL', accounts: 1 },
          { status: 'CREATE_FAILED', accounts: 1 },
          { status: 'UPDATE_IN_PROGRESS', accounts: 1 },
          { status: 'PAUSED', accounts: 1 },
        ],
        byErrorCode: [{ errorCode: 'other', accounts: 1 }],
        failedSince: '1970-01-01T00:00:03.000Z',
        inProgressSince: '1970-01-01T00:00:02.000Z',
      },
      coverage: { missing: 1, excluded: 0, excused: { new: 0, inactive: 1 } },
      accountsReadAt: '1970-01-01T00:00:09.000Z',
      withdrawn: false,
      arn: 'arn:aws:config:Base',
      consoleUrl:
        'https://eu-west-1.console.amazonaws-us-gov.com/config/home?region=eu-west-1#/conformance-packs',
      reasons: [{ errorCode: 'other', accounts: 1 }],
    });
  });

  it('gives each reason with a message of an account that failed for it, the most first', async () => {
    const of = (n: number, errorCode: string, errorMessage?: string, status = 'CREATE_FAILED') => ({
      accountId: accountId(n),
      status,
      errorCode,
      errorMessage,
    });
    const pack = packWith('Base', [
      of(1, 'Throttling', 'slow'),
      of(2, 'NoSuchBucket', 'no failure', 'CREATE_SUCCESSFUL'),
      of(3, 'NoSuchBucket'),
      of(4, 'NoSuchBucket', 'first'),
      of(5, 'NoSuchBucket', 'second'),
    ]);
    expect((await detailIn(storeOf([snapshotOf([pack])]))).reasons).toEqual([
      { errorCode: 'NoSuchBucket', accounts: 3, exampleMessage: 'first' },
      { errorCode: 'Throttling', accounts: 1, exampleMessage: 'slow' },
    ]);
  });

  it('counts an account once from which the pack was deleted while others keep it', async () => {
    const pack = packWith('Base', [
      ...reports('CREATE_SUCCESSFUL', 2),
      ...reports('DELETE_SUCCESSFUL', 1, 3),
    ]);
    const store = storeOf([snapshotOf([pack])]);
    learnOrganization(
      store,
      [1, 2, 3].map((n) => ({ id: accountId(n) })),
    );
    expect(await detailIn(store)).toMatchObject({
      accounts: { reported: 3, successful: 2 },
      coverage: { missing: 1 },
    });
  });

  it('keeps saying when its accounts were read, and why they could not be read since', async () => {
    const store = storeOf([snapshotOf([packWith('Base', reports('CREATE_FAILED', 1))])]);
    const operation = 'GetOrganizationConformancePackDetailedStatus';
    failWith(store, 0, { reason: 'throttled', operation, message: 'too many', pack: 'Base' });
    expect(await detailIn(store)).toMatchObject({
      state: 'failed',
      accountsReadAt: '1970-01-01T00:00:00.000Z',
      withdrawn: false,
      failure: { reason: 'throttled', message: 'too many' },
    });
    const later = await detailIn(store, 1_001, 1_000);
    expect(later).toMatchObject({ state: 'unknown', withdrawn: true });
    expect(later).toHaveProperty('accountsReadAt', '1970-01-01T00:00:00.000Z');
    expect(later.accounts).toBeUndefined();
    expect(later.rollUp).toBeUndefined();
  });

  it('has no times that a calendar cannot hold', async () => {
    const rollUp = { status: 'CREATE_FAILED', updatedAt: 9e15 };
    const pack = packOf('Base', { rollUp });
    expect((await detailIn(storeOf([snapshotOf([pack])]))).rollUp?.updatedAt).toBeUndefined();
  });

  it('is none of a pack that does not exist', async () => {
    const moment = await momentOf(storeOf([snapshotOf([packOf('Base')])]));
    expect(findPack(moment, { ...KEY, pack: 'Bas' })).toBeUndefined();
    expect(findPack(moment, { ...KEY, region: 'eu-west-2' })).toBeUndefined();
    expect(findPack(moment, { ...KEY, source: 'other' })).toBeUndefined();
  });
});
