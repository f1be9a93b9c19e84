import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { AccountIds, type AccountReport } from '../../../src/conformance/account-columns.js';
import { STATUSES } from '../../../src/conformance/status.js';
import {
  checkStateFile,
  readStateFile,
  removeLeftovers,
  writeStateFile,
} from '../../../src/refresh/state-file.js';
import type { KeptState } from '../../../src/refresh/store.js';
import { detailOf, packOf } from '../../support/columns.js';
import { temporaryFolder } from '../../support/files.js';
import { learnAccounts, snapshotOf, storeOf } from '../../support/render.js';

const id = (n: number) => String(n).padStart(12, '0');

const report = fc.record({
  accountId: fc.integer({ min: 1, max: 30 }).map(id),
  status: fc.constantFrom(...STATUSES, 'PAUSED'),
  updatedAt: fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
  errorCode: fc.option(fc.constantFrom('ResourceInUse', 'Strange'), { nil: undefined }),
  errorMessage: fc.option(fc.string(), { nil: undefined }),
});

function stateOf(packs: readonly (readonly AccountReport[])[]): KeptState {
  const ids = new AccountIds();
  const made = packs.map((reports, i) =>
    packOf(`Pack-${i}`, {
      // Some share their ids with others, and some were read at another time.
      detail: detailOf(reports, i, i % 3 === 0 ? new AccountIds() : ids),
      description: { arn: `arn:${i}`, excludedAccounts: [id(i)] },
    }),
  );
  const store = storeOf([snapshotOf([...made, packOf('Unread')]), undefined]);
  learnAccounts(
    store,
    Array.from({ length: 2_500 }, (_, n) => id(n)),
  );
  store.learn('default', {
    identity: { accountId: id(1), partition: 'aws' },
    organizationId: 'o-1',
  });
  return { scopes: store.states, sources: store.sources };
}

describe('the state file', () => {
  it('gives back what was written, whatever that is', async () => {
    const path = join(await temporaryFolder(), 'state');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(report), { maxLength: 5 }), async (packs) => {
        const state = stateOf(packs);
        await writeStateFile(path, state);
        const read = await readStateFile(path);
        const kept = state.scopes.map(({ access, lastSuccessAt, scope, snapshot }) => ({
          access,
          lastSuccessAt,
          scope,
          snapshot,
        }));
        expect(read?.scopes).toEqual(kept);
        const [source] = state.sources;
        expect(read?.sources).toEqual([{ ...source, tried: undefined }]);
      }),
      { numRuns: 30 },
    );
  });

  it('gives back columns that stand by themselves, without the file around them', async () => {
    const path = join(await temporaryFolder(), 'state');
    const reports = [1, 2].map((n) => ({
      accountId: id(n),
      status: 'CREATE_FAILED',
      updatedAt: n,
    }));
    await writeStateFile(path, stateOf([reports]));
    const read = await readStateFile(path);
    const accounts = read?.scopes[0]?.snapshot?.packs[0]?.detail?.accounts;
    const columns = Object.values(accounts ?? {}).filter((value) => ArrayBuffer.isView(value));
    expect(columns).toHaveLength(4);
    for (const { buffer, byteLength } of columns) expect(buffer.byteLength).toBe(byteLength);
  });

  it('is for nobody else, and leaves nothing beside it', async () => {
    const path = join(await temporaryFolder(), 'state');
    await writeStateFile(path, stateOf([]));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(path))).toEqual([basename(path)]);
  });

  it('is whole after any of several writers at once', async () => {
    const path = join(await temporaryFolder(), 'state');
    const states = [10, 20, 30].map((accounts) =>
      stateOf([
        Array.from({ length: accounts }, (_, n) => ({ accountId: id(n), status: 'PAUSED' })),
      ]),
    );
    // The end of the one is in the midst of the others.
    const writeAndRead = async (state: KeptState) => {
      await writeStateFile(path, state);
      const read = await readStateFile(path);
      expect([10, 20, 30]).toContain(read?.scopes[0]?.snapshot?.packs[0]?.detail?.accounts.rows);
    };
    for (let round = 0; round < 20; round++) await Promise.all(states.map(writeAndRead));
    expect(await readdir(dirname(path))).toEqual([basename(path)]);
  });

  it('rids the folder of what killed writers left, and of nothing else', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'state');
    const now = Date.now();
    const leftBy = async (name: string, minutesAgo: number) => {
      await writeFile(join(folder, name), '');
      const at = new Date(now - minutesAgo * 60_000);
      await utimes(join(folder, name), at, at);
    };
    const uuid = (n: number) => `00000000-0000-4000-8000-${id(n)}`;
    const staying = [
      'state',
      'state.tmp',
      `state.${uuid(1)}`,
      `other.state.${uuid(1)}.tmp`,
      `state2.${uuid(1)}.tmp`,
    ];
    for (const name of [...staying, `state.${uuid(1)}.tmp`]) await leftBy(name, 61);
    await leftBy(`state.${uuid(2)}.tmp`, 59);
    await removeLeftovers(path, now);
    expect((await readdir(folder)).sort()).toEqual([...staying, `state.${uuid(2)}.tmp`].sort());
    // A folder that is not there has none.
    await removeLeftovers(join(folder, 'missing', 'state'), now);
  });

  it('that is not there is no error', async () => {
    expect(await readStateFile(join(await temporaryFolder(), 'state'))).toBeUndefined();
  });

  it('is neither read nor written where something else has its name', async () => {
    const folder = await temporaryFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, folder]) {
      const refused = { name: 'StateFileError', message: 'is not a regular file' };
      await expect(readStateFile(path)).rejects.toMatchObject(refused);
      await expect(checkStateFile(path)).rejects.toMatchObject(refused);
      await expect(writeStateFile(path, stateOf([]))).rejects.toMatchObject(refused);
    }
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['pipe']);
  });

  it('can be checked beforehand, which writes nothing', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'state');
    await checkStateFile(path);
    expect(await readdir(folder)).toEqual([]);
    await writeStateFile(path, stateOf([]));
    await checkStateFile(path);
    await expect(checkStateFile(join(folder, 'missing', 'state'))).rejects.toMatchObject({
      name: 'StateFileError',
      message: `cannot write in ${join(folder, 'missing')}: ENOENT: no such file or directory`,
    });
  });

  it('is refused where a byte is missing or another', async () => {
    const path = join(await temporaryFolder(), 'state');
    await writeStateFile(path, stateOf([[]]));
    const whole = await readFile(path);
    const damages = [
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, whole.length / 2),
      Buffer.concat([whole.subarray(0, 100), Buffer.from([0xff]), whole.subarray(101)]),
      Buffer.from('not a state file'),
      Buffer.alloc(0),
      gzipSync(''),
    ];
    for (const damaged of damages) {
      await writeFile(path, damaged);
      await expect(readStateFile(path)).rejects.toMatchObject({ name: 'StateFileError' });
    }
  });

  it('of another format is refused', async () => {
    const path = join(await temporaryFolder(), 'state');
    const record = serialize({ kind: 'head', format: 999 });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(record.length);
    await writeFile(path, gzipSync(Buffer.concat([length, record])));
    await expect(readStateFile(path)).rejects.toThrow('another version has written it');
  });
});
