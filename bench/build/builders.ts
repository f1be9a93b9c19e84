import { parseAccount } from '../../src/aws/parse.js';
import { AccountColumnsBuilder, AccountIds } from '../../src/conformance/account-columns.js';
import { summarize } from '../../src/conformance/account-summary.js';
import type { AccountReport } from '../../src/conformance/account-columns.js';
import type { Row } from './rows.js';

/** Takes the pages of packs, one pack after the other, and keeps what a snapshot is to hold. */
export interface Builder {
  addPage(rows: readonly Row[]): void;
  endPack(): void;
  /** What is kept. */
  readonly kept: readonly unknown[];
}

/** What is built from the rows of the SDK. */
export const BUILDERS = {
  /** The columns of the exporter, counted. */
  columns: columns,
  /** An object for each account, sorted, each account once. */
  objects: objects,
  /** The rows as the SDK gives them out. */
  rows: rows,
} as const;
export type BuilderName = keyof typeof BUILDERS;

function columns(): Builder {
  const ids = new AccountIds();
  const kept: unknown[] = [];
  let builder = new AccountColumnsBuilder(ids);
  return {
    kept,
    addPage(page) {
      for (const row of page) builder.add(parseAccount(row));
    },
    endPack() {
      const accounts = builder.build();
      kept.push({ accounts, summary: summarize(accounts) });
      builder = new AccountColumnsBuilder(ids);
    },
  };
}

function objects(): Builder {
  const kept: unknown[] = [];
  let byId = new Map<string, AccountReport>();
  return {
    kept,
    addPage(page) {
      for (const row of page) {
        const report = parseAccount(row);
        byId.set(report.accountId, report);
      }
    },
    endPack() {
      kept.push([...byId.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1)));
      byId = new Map();
    },
  };
}

function rows(): Builder {
  const kept: unknown[] = [];
  let pack: Row[] = [];
  return {
    kept,
    addPage(page) {
      pack.push(...page);
    },
    endPack() {
      kept.push(pack);
      pack = [];
    },
  };
}
