import { describe, expect, it } from 'vitest';
import { AwsError, PackGoneError, type AwsErrorOptions } from '../../../src/aws/errors.js';
import { reportAt } from '../../../src/conformance/account-columns.js';
import type { Snapshot } from '../../../src/conformance/snapshot.js';
import { readScope } from '../../../src/refresh/read-scope.js';
import { graveFailures } from '../../../src/refresh/result.js';
import type { Sweep } from '../../../src/refresh/sweep.js';
import { scriptedApi, type Script } from '../../support/scripted-api.js';

const refusal = (operation: AwsErrorOptions['operation']) =>
  new AwsError({ operation, reason: 'access_denied', message: 'no' });
const DETAIL = 'GetOrganizationConformancePackDetailedStatus';
const PACKS = 'DescribeOrganizationConformancePacks';

const WHOLE: Script = {
  packStatuses: () => ['B', 'A'].map((name) => ({ name, status: 'CREATE_SUCCESSFUL' })),
  packs: () => ['A', 'B'].map((name) => ({ name, arn: `arn:${name}`, excludedAccounts: [] })),
  packAccounts: (pack) => [{ accountId: '000000000001', status: `${pack}_STATUS` }],
};

function read(
  script: Script,
  previous?: Snapshot,
  selects: (pack: string) => boolean = () => true,
  now = 1_000,
  sweep: Sweep = { every: 1, turn: 0, readSince: now },
) {
  return readScope({
    api: scriptedApi({ ...WHOLE, ...script }),
    pageSize: 100,
    packsAtOnce: 4,
    selects,
    sweep,
    previous,
    accounts: () => undefined,
    clock: () => now,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

const rowOf = (snapshot: Snapshot | undefined, index: number) => {
  const detail = snapshot?.packs[index]?.detail;
  return detail && reportAt(detail.accounts, 0).status;
};

describe('readScope', () => {
  it('has read some packs where it meets its deadline, and goes on with the others at the next', async () => {
    const names = Array.from(
      { length: 20 },
      (_, number) => `Pack-${String(number).padStart(2, '0')}`,
    );
    const readUntil = async (calls: number, at: number, previous?: Snapshot) => {
      const deadline = new AbortController();
      let left = calls;
      const asked: string[] = [];
      const { snapshot } = await readScope({
        api: scriptedApi({
          packStatuses: () => names.map((name) => ({ name, status: 'CREATE_SUCCESSFUL' })),
          packs: () => [],
          packAccounts: (pack) => {
            if (left-- === 0) deadline.abort();
            if (deadline.signal.aborted) {
              throw new AwsError({ operation: DETAIL, reason: 'timeout', message: 'too late' });
            }
            asked.push(pack);
            return [];
          },
        }),
        pageSize: 100,
        packsAtOnce: 4,
        selects: () => true,
        sweep: { every: 1, turn: 0, readSince: at },
        previous,
        accounts: () => undefined,
        clock: () => at,
        signal: deadline.signal,
        onProgress: () => undefined,
      });
      return { asked: asked.toSorted(), snapshot };
    };
    const first = await readUntil(8, 1_000);
    expect(first.asked).toEqual(names.slice(0, 8));
    expect(first.snapshot?.packs.filter(({ detail }) => detail).length).toBe(8);
    const second = await readUntil(12, 2_000, first.snapshot);
    expect(second.asked).toEqual(names.slice(8));
    expect(second.snapshot?.packs.map(({ detail }) => detail?.readAt)).toEqual([
      ...Array<number>(8).fill(1_000),
      ...Array<number>(12).fill(2_000),
    ]);
  });

  it('reads all packs, sorted by name', async () => {
    const { failures, snapshot } = await read({});
    expect(failures).toEqual([]);
    expect(snapshot?.packs.map(({ name, description }) => [name, description?.arn])).toEqual([
      ['A', 'arn:A'],
      ['B', 'arn:B'],
    ]);
    expect(rowOf(snapshot, 1)).toBe('B_STATUS');
    expect(snapshot?.listedAt).toBe(1_000);
  });

  it('takes the newer of two reports about one pack', async () => {
    const { snapshot } = await read({
      packStatuses: () => [
        { name: 'A', status: 'CREATE_FAILED', updatedAt: 1 },
        { name: 'A', status: 'UPDATE_SUCCESSFUL', updatedAt: 2 },
      ],
    });
    expect(snapshot?.packs.map(({ rollUp }) => rollUp.status)).toEqual(['UPDATE_SUCCESSFUL']);
  });

  it('reads no accounts of a pack that is filtered out, but knows that it is listed', async () => {
    const asked: string[] = [];
    const packAccounts = (pack: string) => {
      asked.push(pack);
      return [];
    };
    const { snapshot } = await read({ packAccounts }, undefined, (name) => name === 'A');
    expect(asked).toEqual(['A']);
    expect(snapshot?.packs.map(({ name }) => name)).toEqual(['A']);
    expect([...(snapshot?.listed ?? [])]).toEqual(['A', 'B']);
  });

  it('has no snapshot where the packs could not be listed', async () => {
    const { failures, snapshot } = await read({
      packStatuses: () => {
        throw refusal('DescribeOrganizationConformancePackStatuses');
      },
    });
    expect(snapshot).toBeUndefined();
    expect(failures).toMatchObject([{ reason: 'access_denied' }]);
  });

  it('keeps the last good accounts of a pack that failed, with their own age', async () => {
    const before = await read({}, undefined, undefined, 500);
    const { failures, snapshot } = await read(
      {
        packAccounts: (pack) => {
          if (pack === 'A') throw refusal(DETAIL);
          return [{ accountId: '000000000001', status: 'NEWER' }];
        },
      },
      before.snapshot,
    );
    expect(failures).toMatchObject([{ pack: 'A', operation: DETAIL }]);
    expect(snapshot?.packs.map(({ detail }) => detail?.readAt)).toEqual([500, 1_000]);
    expect([rowOf(snapshot, 0), rowOf(snapshot, 1)]).toEqual(['A_STATUS', 'NEWER']);
  });

  it('shows a pack without accounts where they could never be read', async () => {
    const { snapshot } = await read({
      packAccounts: () => {
        throw refusal(DETAIL);
      },
    });
    expect(snapshot?.packs.map(({ detail }) => detail)).toEqual([undefined, undefined]);
  });

  it('takes a pack that is gone between list and detail for gone, not failed', async () => {
    const before = await read({});
    const { failures, snapshot } = await read(
      {
        packAccounts: (pack) => {
          if (pack === 'A') {
            throw new PackGoneError({ operation: DETAIL, reason: 'invalid_response', message: '' });
          }
          return [];
        },
      },
      before.snapshot,
    );
    expect(failures).toEqual([]);
    expect(snapshot?.packs.map(({ name }) => name)).toEqual(['B']);
    expect([...(snapshot?.listed ?? [])]).toEqual(['B']);
  });

  it('loses nothing but the descriptions where those cannot be read, and keeps the last ones', async () => {
    const script: Script = {
      packs: () => {
        throw refusal(PACKS);
      },
    };
    const first = await read(script);
    expect(first.snapshot?.packs.map(({ description }) => description)).toEqual([
      undefined,
      undefined,
    ]);
    expect(first.failures).toMatchObject([{ operation: PACKS }]);
    expect(graveFailures(first.failures)).toEqual([]);

    const before = await read({});
    const second = await read(script, before.snapshot);
    expect(second.snapshot?.packs.map(({ description }) => description?.arn)).toEqual([
      'arn:A',
      'arn:B',
    ]);
  });

  it('does not swallow a defect of ours', async () => {
    const defect = new TypeError('defect');
    const reading = read({
      packAccounts: () => {
        throw defect;
      },
    });
    await expect(reading).rejects.toBe(defect);
  });

  it('goes on counting transitions where a snapshot of before was left', async () => {
    const { snapshot: first } = await read({});
    const moved: Script = { packAccounts: () => [{ accountId: '000000000001', status: 'MOVED' }] };
    const { snapshot: second, changes } = await read(moved, first);
    expect(changes.map(({ transitions }) => transitions?.rows.length)).toEqual([1, 1]);
    const { snapshot: third } = await read({}, second);
    expect(third?.packs.map(({ transitions }) => transitions.get('MOVED'))).toEqual([1, 1]);
    expect(third?.packs[0]?.transitions.get('A_STATUS')).toBe(1);
    expect(third?.packs[0]?.transitions.get('CREATE_FAILED')).toBe(0);
  });

  it('begins anew with a pack of the same name that was made anew', async () => {
    const { snapshot: first } = await read({});
    const { changes } = await read(
      {
        packs: () =>
          ['A', 'B'].map((name) => ({ name, arn: `arn:${name}-2`, excludedAccounts: [] })),
        packAccounts: () => [{ accountId: '000000000001', status: 'MOVED' }],
      },
      first,
    );
    expect(changes.map(({ transitions }) => transitions)).toEqual([undefined, undefined]);
    expect(changes[0]?.pack.transitions.get('MOVED')).toBeUndefined();
  });

  it('holds accounts against the roll-up that was read along with them, and keeps what it found', async () => {
    const busy: Script = {
      packStatuses: () => [{ name: 'A', status: 'CREATE_IN_PROGRESS' }],
      packAccounts: () => [{ accountId: '000000000001', status: 'CREATE_SUCCESSFUL' }],
    };
    const { snapshot } = await read(busy);
    expect(snapshot?.packs[0]?.detail?.mismatch).toBe(true);
    const done: Script = {
      packStatuses: () => [{ name: 'A', status: 'CREATE_SUCCESSFUL' }],
      packAccounts: () => {
        throw refusal(DETAIL);
      },
    };
    const { snapshot: later } = await read(done, snapshot);
    expect(later?.packs[0]?.detail?.mismatch).toBe(true);
  });

  describe('where a pack may rest', () => {
    const nobodysTurn: Sweep = { every: 4, turn: 0, readSince: 0 };
    const CALM: Script = {
      packStatuses: () => [{ name: 'A', status: 'CREATE_SUCCESSFUL', updatedAt: 1 }],
      packs: () => [{ name: 'A', arn: 'arn:A', excludedAccounts: [] }],
      packAccounts: () => [{ accountId: '000000000001', status: 'CREATE_SUCCESSFUL' }],
    };
    const readNext = async (script: Script) => {
      const { snapshot: first } = await read(CALM);
      let calls = 0;
      const { changes, failures, snapshot } = await read(
        {
          ...CALM,
          packAccounts: () => {
            calls++;
            return [{ accountId: '000000000001', status: 'UPDATE_SUCCESSFUL' }];
          },
          ...script,
        },
        first,
        undefined,
        2_000,
        nobodysTurn,
      );
      return { calls, changes, failures, first, snapshot };
    };

    it('leaves its accounts as they were, with their own age', async () => {
      const { calls, changes, failures, first, snapshot } = await readNext({});
      expect(calls).toBe(0);
      expect(failures).toEqual([]);
      expect(snapshot?.packs[0]?.detail).toBe(first?.packs[0]?.detail);
      expect(snapshot?.packs[0]?.detail?.readAt).toBe(1_000);
      expect(snapshot?.listedAt).toBe(2_000);
      expect(changes).toHaveLength(1);
      expect(changes[0]?.transitions).toBeUndefined();
    });

    it('reads it where its roll-up has changed, and again where that could not be done', async () => {
      const changed: Script = {
        packStatuses: () => [{ name: 'A', status: 'CREATE_SUCCESSFUL', updatedAt: 2 }],
      };
      expect((await readNext(changed)).calls).toBe(1);
      const { snapshot } = await readNext({
        ...changed,
        packAccounts: () => {
          throw refusal(DETAIL);
        },
      });
      const script = { ...CALM, ...changed };
      const { snapshot: later } = await read(script, snapshot, undefined, 3_000, nobodysTurn);
      expect(later?.packs[0]?.detail?.readAt).toBe(3_000);
    });

    it('reads one that was made anew under its name, which the same status does not tell', async () => {
      const { calls, changes, snapshot } = await readNext({
        packs: () => [{ name: 'A', arn: 'arn:another', excludedAccounts: [] }],
      });
      expect(calls).toBe(1);
      expect(snapshot?.packs[0]?.detail?.readAt).toBe(2_000);
      expect(changes).toHaveLength(1);
      expect(changes[0]?.transitions).toBeUndefined();
    });

    it('leaves it alone where the descriptions cannot be read', async () => {
      const { calls } = await readNext({
        packs: () => {
          throw refusal(PACKS);
        },
      });
      expect(calls).toBe(0);
    });
  });
});
