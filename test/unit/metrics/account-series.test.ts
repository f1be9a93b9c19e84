import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../../src/conformance/status.js';
import { Views } from '../../../src/metrics/view.js';
import { Store } from '../../../src/refresh/store.js';
import { detailOf, packOf } from '../../support/columns.js';
import { parseExposition } from '../../support/parse-exposition.js';
import {
  completeWith,
  learnAccounts,
  linesOf,
  render,
  snapshotOf,
  storeOf,
  VIEW_DEFAULTS,
  viewOf,
} from '../../support/render.js';

const id = (n: number) => String(n).padStart(12, '0');

const account = fc.record({
  accountId: fc.integer({ min: 1, max: 40 }).map(id),
  status: fc.constantFrom(...STATUSES, 'PAUSED'),
  updatedAt: fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
  errorCode: fc.option(fc.constantFrom('ResourceInUse', 'Strange'), { nil: undefined }),
});
const description = { arn: 'arn:x', excludedAccounts: [id(7)] };
const packs = fc
  .array(fc.array(account, { maxLength: 40 }), { maxLength: 4 })
  .map((list) =>
    list.map((reports, i) => packOf(`Pack-${i}`, { detail: detailOf(reports), description })),
  );
const members = fc.uniqueArray(fc.integer({ min: 1, max: 50 }).map(id));
const series = fc.constantFrom('auto', 'full', 'active', 'failed', 'none');

describe('the limit of samples', () => {
  it('counts exactly what the exposition holds, and is never exceeded by account series', async () => {
    await fc.assert(
      fc.asyncProperty(
        packs,
        members,
        series,
        fc.constantFrom('auto', 'always', 'never'),
        fc.integer({ min: 1, max: 900 }),
        async (of, organization, mode, age, samplesLimit) => {
          const store = storeOf([snapshotOf(of)]);
          learnAccounts(store, organization);
          const options = { series: mode, age, samplesLimit } as const;
          const view = await viewOf(store, options);
          const families = [...parseExposition(await render(store, options)).values()];
          const samples = families.flatMap((family) => family.samples);
          expect(view.samples).toBe(samples.length);
          const ofAccounts = samples.filter(
            ({ labels }) => 'account_id' in labels && 'conformance_pack' in labels,
          ).length;
          expect(ofAccounts).toBeLessThanOrEqual(
            Math.max(0, samplesLimit - (samples.length - ofAccounts)),
          );
          // What was cut is counted: without the limit it would be there.
          const whole = await viewOf(store, {
            series: view.plan.detail.mode,
            age: view.plan.detail.ages ? 'always' : 'never',
            samplesLimit: 0,
          });
          const omitted = view.packs.reduce((sum, pack) => sum + pack.omitted, 0);
          expect(view.samples + omitted).toBe(whole.samples);
        },
      ),
    );
  });

  it('cuts the successful first and the failed last, by account id', async () => {
    const detail = detailOf([
      { accountId: id(1), status: 'CREATE_SUCCESSFUL' },
      { accountId: id(2), status: 'CREATE_IN_PROGRESS' },
      { accountId: id(3), status: 'CREATE_FAILED', errorCode: 'ResourceInUse' },
      { accountId: id(4), status: 'CREATE_FAILED', errorCode: 'ResourceInUse' },
      { accountId: id(5), status: 'CREATE_SUCCESSFUL' },
    ]);
    const store = storeOf([snapshotOf([packOf('Base', { detail })])]);
    const whole = await viewOf(store, { series: 'active', samplesLimit: 0 });
    const shownAt = async (cut: number) => {
      const text = await render(store, { series: 'active', samplesLimit: whole.samples - cut });
      const shown = linesOf(text, 'account_status').map(
        (line) => /account_id="0*(\d)/.exec(line)?.[1],
      );
      const [omitted] = linesOf(text, 'account_series_omitted');
      return [shown.join(''), omitted?.replace(/.* /, '')];
    };
    expect(await shownAt(0)).toEqual(['12345', '0']);
    expect(await shownAt(1)).toEqual(['1234', '1']);
    expect(await shownAt(2)).toEqual(['234', '2']);
    expect(await shownAt(3)).toEqual(['34', '3']);
    // A failed account goes with its error: both of its samples, or none.
    expect(await shownAt(4)).toEqual(['3', '5']);
    expect(await shownAt(6)).toEqual(['', '7']);
  });
});

describe('missing accounts', () => {
  const reports = [
    { accountId: id(1), status: 'CREATE_FAILED' },
    { accountId: id(3), status: 'CREATE_IN_PROGRESS' },
    { accountId: id(5), status: 'CREATE_SUCCESSFUL' },
  ];
  const storeWithMissing = () => {
    const store = storeOf([
      snapshotOf([packOf('Base', { detail: detailOf(reports), description })]),
    ]);
    learnAccounts(store, [1, 2, 3, 4, 5, 7].map(id));
    return store;
  };
  const told = async (series: 'full' | 'active' | 'failed' | 'none', samplesLimit = 0) => {
    const text = await render(storeWithMissing(), { series, samplesLimit });
    const of = (family: string) =>
      linesOf(text, family)
        .map((line) => /account_id="0*(\d)/.exec(line)?.[1])
        .join('');
    return [of('account_status'), of('account_missing')];
  };

  it('are told in every mode that tells of accounts at all', async () => {
    expect(await told('active')).toEqual(['135', '24']);
    expect(await told('failed')).toEqual(['13', '24']);
    expect(await told('none')).toEqual(['', '']);
  });

  it('go after those in progress and before the failed', async () => {
    const { samples } = await viewOf(storeWithMissing(), { series: 'active', samplesLimit: 0 });
    expect(await told('active', samples - 1)).toEqual(['13', '24']);
    expect(await told('active', samples - 2)).toEqual(['1', '24']);
    expect(await told('active', samples - 3)).toEqual(['1', '2']);
    expect(await told('active', samples - 4)).toEqual(['1', '']);
  });
});

describe('auto', () => {
  const many = (count: number) =>
    packOf('Base', {
      detail: detailOf(
        Array.from({ length: count }, (_, i) => ({
          accountId: id(i),
          status: i % 10 === 0 ? 'CREATE_FAILED' : 'CREATE_SUCCESSFUL',
        })),
      ),
    });

  it.each([
    [10, 'full'],
    [50, 'active'],
    [500, 'failed'],
    [5000, 'failed'],
  ])('with %i accounts and a limit of 150 takes %s', async (count, mode) => {
    const view = await viewOf(storeOf([snapshotOf([many(count)])]), { samplesLimit: 150 });
    expect(view.plan.detail.mode).toBe(mode);
  });

  it('only steps down', async () => {
    const store = storeOf([snapshotOf([many(10)])]);
    const views = new Views(store, { ...VIEW_DEFAULTS, samplesLimit: 150 });
    const modes: string[] = [];
    for (const count of [10, 50, 10, 500, 10]) {
      completeWith(store, snapshotOf([many(count)]));
      modes.push((await views.at(0)).plan.detail.mode);
    }
    expect(modes).toEqual(['full', 'active', 'active', 'failed', 'failed']);
  });

  it('shows what no mode leaves out until every scope and source has been tried', async () => {
    const store = new Store(
      ['eu-west-1', 'eu-west-2'].map((region) => ({
        scope: { source: 'default', region },
        expectedPacks: [],
      })),
    );
    const views = new Views(store, VIEW_DEFAULTS);
    completeWith(store, snapshotOf([many(10)]));
    expect((await views.at(0)).plan.detail.mode).toBe('failed');
    completeWith(store, undefined, 1);
    expect((await views.at(0)).plan.detail.mode).toBe('failed');
    store.learn('default', { tried: true });
    expect((await views.at(0)).plan.detail.mode).toBe('full');
  });
});
