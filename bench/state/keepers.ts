import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import {
  AccountColumnsBuilder,
  AccountIds,
  type AccountColumns,
  type AccountReport,
} from '../../src/conformance/account-columns.js';
import { ERROR_CODES } from '../../src/conformance/error-code.js';
import { textAt } from '../../src/conformance/row-texts.js';
import { readStateFile, writeStateFile } from '../../src/refresh/state-file.js';
import type { KeptState } from '../../src/refresh/store.js';
import { replaceFile } from '../../src/replace-file.js';

/** Keeps the packs of a state in a file. */
export interface Keeper {
  write(path: string): Promise<void>;
  /** Resolves with the number of pairs, which tells that they are all there. */
  read(path: string): Promise<number>;
}

/** Ways to keep a state. */
export const KEEPERS = {
  /** The state file of the exporter. */
  exporter,
  /** One JSON text of objects, compressed, and the columns built from it again. */
  json,
  /** The bytes of the state file, finished. */
  bytes,
} as const satisfies Readonly<Record<string, (state: KeptState) => Keeper>>;
export type KeeperName = keyof typeof KEEPERS;

function exporter(state: KeptState): Keeper {
  return {
    write: (path) => writeStateFile(path, state),
    async read(path) {
      const kept = await readStateFile(path);
      return kept === undefined ? 0 : pairsOf(columnsOf(kept));
    },
  };
}

function json(state: KeptState): Keeper {
  return {
    async write(path) {
      const text = JSON.stringify(columnsOf(state).map(objectsOf));
      await replace(path, await promisify(gzip)(text, { level: constants.Z_BEST_SPEED }));
    },
    async read(path) {
      const text = await promisify(gunzip)(await readFile(path));
      const ids = new AccountIds();
      const packs = (JSON.parse(text.toString()) as AccountReport[][]).map((accounts) => {
        const builder = new AccountColumnsBuilder(ids, accounts.length);
        for (const account of accounts) builder.add(account);
        return builder.build();
      });
      return pairsOf(packs);
    },
  };
}

function bytes(state: KeptState): Keeper {
  let content: Buffer | undefined;
  return {
    async write(path) {
      if (content === undefined) {
        await writeStateFile(path, state);
        content = await readFile(path);
      }
      await replace(path, content);
    },
    async read(path) {
      const { length } = await readFile(path);
      return length === content?.length ? pairsOf(columnsOf(state)) : 0;
    },
  };
}

function replace(path: string, content: Buffer): Promise<void> {
  return replaceFile(path, [content], { temporary: `${path}.tmp`, mode: 0o600 });
}

function columnsOf({ scopes }: KeptState): readonly AccountColumns[] {
  const packs = scopes.flatMap(({ snapshot }) => snapshot?.packs ?? []);
  return packs.flatMap(({ detail }) => detail?.accounts ?? []);
}

function objectsOf(columns: AccountColumns): readonly AccountReport[] {
  return Array.from(columns.account, (id, row) => ({
    accountId: columns.ids[id] ?? '',
    status: columns.statuses[columns.status[row] ?? 0] ?? '',
    updatedAt: columns.updatedAt[row],
    errorCode: ERROR_CODES[(columns.errorCode[row] ?? 0) - 1],
    errorMessage: textAt(columns.messages, row),
  }));
}

function pairsOf(packs: readonly AccountColumns[]): number {
  return packs.reduce((sum, { rows }) => sum + rows, 0);
}
