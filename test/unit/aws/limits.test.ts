import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/aws/errors.js';
import { withConcurrency } from '../../../src/aws/limits.js';
import type { ConfigApi, Page, PageRequest } from '../../../src/aws/port.js';
import type { AccountReport } from '../../../src/conformance/account-columns.js';

/** A port whose calls wait until they are let go. */
function gatedApi() {
  const waiting: (() => void)[] = [];
  let started = 0;
  const call = <Item>() => {
    started++;
    return new Promise<Page<Item>>((resolve) => waiting.push(() => resolve({ items: [] })));
  };
  const packAccount = () => call<AccountReport>().then(({ items }) => items);
  const api: ConfigApi = { packStatuses: call, packs: call, packAccounts: call, packAccount };
  return { api, started: () => started, letGo: () => waiting.splice(0).forEach((go) => go()) };
}

const request = (signal = new AbortController().signal): PageRequest => ({ limit: 100, signal });

describe('withConcurrency', () => {
  it('lets no more calls through than it says, over all operations', async () => {
    const { api, letGo, started } = gatedApi();
    const limited = withConcurrency(api, 2);
    const calls = [
      limited.packStatuses(request()),
      limited.packs(request()),
      limited.packAccounts('A', request()),
    ];
    await setImmediate();
    expect(started()).toBe(2);
    letGo();
    await setImmediate();
    expect(started()).toBe(3);
    letGo();
    await Promise.all(calls);
  });

  it('lets a call that goes ahead pass those that wait, and never one more than it says', async () => {
    const { api, letGo, started } = gatedApi();
    const order: string[] = [];
    const packAccounts: ConfigApi['packAccounts'] = (pack, page) => {
      order.push(pack);
      return api.packAccounts(pack, page);
    };
    const limited = withConcurrency({ ...api, packAccounts }, 2);
    const ask = (pack: string, ahead = false) =>
      limited.packAccounts(pack, { ...request(), ahead });
    const calls = ['A', 'B', 'C', 'D'].map((pack) => ask(pack));
    await setImmediate();
    calls.push(ask('ahead', true));
    await setImmediate();
    expect([started(), order]).toEqual([2, ['A', 'B']]);
    letGo();
    await setImmediate();
    expect([started(), order.slice(2)]).toEqual([4, ['ahead', 'C']]);
    letGo();
    await setImmediate();
    letGo();
    await Promise.all(calls);
    expect(order).toEqual(['A', 'B', 'ahead', 'C', 'D']);
  });

  it('gives up a call that waits as soon as the refresh is aborted, and never starts it', async () => {
    const { api, letGo, started } = gatedApi();
    const limited = withConcurrency(api, 1);
    const controller = new AbortController();
    const first = limited.packs(request());
    const second = limited.packs(request(controller.signal));
    await setImmediate();
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: 'AwsError', reason: 'timeout' });
    letGo();
    await first;
    await setImmediate();
    expect(started()).toBe(1);
  });

  it('lets the next call through where one fails', async () => {
    const limited = withConcurrency(
      {
        ...gatedApi().api,
        packs: () =>
          Promise.reject(
            new AwsError({
              operation: 'DescribeOrganizationConformancePacks',
              reason: 'network',
              message: 'no',
            }),
          ),
      },
      1,
    );
    await expect(limited.packs(request())).rejects.toMatchObject({ reason: 'network' });
    await expect(limited.packs(request())).rejects.toMatchObject({ reason: 'network' });
  });
});
