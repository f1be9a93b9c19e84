import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/aws/errors.js';
import { withConcurrency } from '../../../src/aws/limits.js';
import type { ConfigApi } from '../../../src/aws/port.js';
import { addProgress, reportProgress, type Progress } from '../../../src/refresh/progress.js';
import { readScope, type ReadScopeInput } from '../../../src/refresh/read-scope.js';

const PAGE_SIZE = 10;
const CALL_MS = 200;

interface Deployment {
  /** Pages of accounts of each pack; one that fails at a page has that as a negative number. */
  readonly pages: Readonly<Record<string, number>>;
}

/** AWS with packs of many pages. It answers one call after the other, each in its time on the clock. */
function pagedApi({ pages }: Deployment) {
  let now = 0;
  const names = Object.keys(pages);
  let answered: Promise<unknown> = Promise.resolve();
  const page = async <Item>(items: readonly Item[], nextToken?: string) => {
    answered = answered.then(() => setImmediate()).then(() => (now += CALL_MS));
    await answered;
    return { items, nextToken };
  };
  const api: ConfigApi = {
    packStatuses: () => page(names.map((name) => ({ name, status: 'CREATE_SUCCESSFUL' }))),
    packs: () => page(names.map((name) => ({ name, arn: name, excludedAccounts: [] }))),
    packAccounts: (pack, { nextToken = '1' }) => {
      const number = Number(nextToken);
      const length = pages[pack] ?? 0;
      if (number === -length) {
        const operation = 'GetOrganizationConformancePackDetailedStatus';
        return Promise.reject(
          new AwsError({ operation, reason: 'service_error', message: 'no more' }),
        );
      }
      const accounts = Array.from({ length: PAGE_SIZE }, (_, index) => ({
        accountId: String(number * PAGE_SIZE + index).padStart(12, '0'),
        status: 'CREATE_SUCCESSFUL',
      }));
      return page(accounts, number === length ? undefined : String(number + 1));
    },
    packAccount: () => Promise.reject(new Error('nobody asks about one account')),
  };
  return { api: withConcurrency(api, 4), clock: () => now };
}

/** Reads a scope, and all that was told of the progress. */
async function follow(deployment: Deployment, more: Partial<ReadScopeInput> = {}) {
  const told: Progress[] = [];
  const { snapshot } = await readScope({
    ...pagedApi(deployment),
    pageSize: PAGE_SIZE,
    packsAtOnce: 4,
    selects: () => true,
    sweep: { every: 1, turn: 0, readSince: 0 },
    previous: undefined,
    accounts: () => undefined,
    signal: new AbortController().signal,
    onProgress: (progress) => told.push(progress),
    ...more,
  });
  return { told, snapshot };
}

const even = (packs: number, pages: number): Deployment => ({
  pages: Object.fromEntries(Array.from({ length: packs }, (_, n) => [`P${n}`, pages])),
});
const ratios = (told: readonly Progress[]) => told.map(({ done, expected }) => done / expected);
const rising = (values: readonly number[]) =>
  values.every((value, i) => value >= (values[i - 1] ?? -Infinity));

describe('the progress of a refresh', () => {
  it('begins with nothing, and ends with every call answered', async () => {
    const { told } = await follow(even(6, 30));
    expect(told[0]).toEqual({ done: 0, expected: 50_002, sized: false, callMs: undefined });
    expect(told.at(-1)).toMatchObject({ done: 182, expected: 182, sized: true });
  });

  it('counts calls, though packs end together, where the organization is known', async () => {
    const { told } = await follow(even(10, 100), { accounts: () => 1_000 });
    expect(rising(ratios(told))).toBe(true);
    const listed = told.filter(({ sized }) => sized);
    // The very first calls have no pace yet that could be told.
    const off = listed.map(({ done, expected }) => Math.abs(done / expected - done / 1_002));
    expect(Math.max(...off)).toBeLessThan(0.01);
    expect(listed.length).toBeGreaterThan(1_000);
  });

  it('has a time left that is right, and never counts up', async () => {
    const { told } = await follow(even(10, 100), { accounts: () => 1_000 });
    const left = told.map((progress) => reportProgress(progress).secondsLeft);
    const known = left.filter((seconds) => seconds !== undefined);
    expect(known[0]).toBe(Math.ceil((1_001 * CALL_MS) / 1000));
    expect(rising(known.map((seconds) => -seconds))).toBe(true);
    expect(known.at(-1)).toBe(0);
  });

  it('knows how far the packs go as soon as one has come to its end, where nobody tells', async () => {
    const { told } = await follow(even(10, 100));
    expect(rising(ratios(told))).toBe(true);
    const first = told.find(({ sized }) => sized);
    // Four packs are read side by side.
    expect(first?.done).toBeLessThan(5 * 100 + 10);
    expect(first?.expected).toBe(1_002);
    const before = told.filter(({ sized }) => !sized);
    expect(before.every((each) => reportProgress(each).expected === undefined)).toBe(true);
  });

  it('takes each pack as long as it was', async () => {
    const deployment = { pages: { A: 3, B: 40, C: 1, D: 12, E: 12 } };
    const { snapshot } = await follow(deployment);
    const { told } = await follow(deployment, { previous: snapshot, accounts: () => 9_000 });
    expect(told.filter(({ sized }) => sized).map(({ expected }) => expected)).toEqual(
      Array(told.length - 2).fill(2 + 3 + 40 + 1 + 12 + 12),
    );
  });

  it('expects nothing of packs at rest', async () => {
    const { snapshot } = await follow(even(5, 20));
    // One of the five.
    const sweep = { every: 5, turn: 0, readSince: 0 };
    const { told } = await follow(even(5, 20), { previous: snapshot, sweep });
    expect(told.at(-1)).toMatchObject({ done: 22, expected: 22 });
    expect(told.find(({ sized }) => sized)?.expected).toBe(22);
  });

  it('is not led astray by a pack that fails, or that has more pages than there are accounts', async () => {
    const { told } = await follow({ pages: { A: -3, B: 20, C: 20 } }, { accounts: () => 50 });
    expect(told.at(-1)).toMatchObject({ done: 2 + 2 + 40, expected: 44 });
    expect(told.slice(0, -1).every(({ done, expected }) => done <= expected)).toBe(true);
  });

  it('follows AWS where it becomes slow', async () => {
    let slow = 0;
    const { api, clock } = pagedApi(even(5, 60));
    const told: Progress[] = [];
    const input = { api, accounts: () => 600, clock: () => clock() + slow };
    await follow(even(5, 60), {
      ...input,
      onProgress: (progress) => {
        told.push(progress);
        if (progress.done > 100) slow += 800;
      },
    });
    const of = (done: number) => told.find((each) => each.done === done)?.callMs;
    expect(of(100)).toBeCloseTo(CALL_MS);
    expect(of(250)).toBeCloseTo(CALL_MS + 800, -2);
  });
});

describe('the progress of several refreshes', () => {
  it('takes as long as the longest, and is known where all of them are', () => {
    const [a, b] = [
      { done: 1, expected: 5, secondsLeft: 9 },
      { done: 2, expected: 4, secondsLeft: 3 },
    ];
    expect(addProgress([a, b])).toEqual({ done: 3, expected: 9, secondsLeft: 9 });
    expect(addProgress([a, { done: 7 }])).toEqual({
      done: 8,
      expected: undefined,
      secondsLeft: undefined,
    });
  });
});
