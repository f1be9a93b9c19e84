import { ERROR_CODES, errorCodeOf, limitedCode, limitedMessage, OTHER } from './error-code.js';
import { lowerBound } from './lower-bound.js';
import { RowTextsBuilder, textAt, type RowTexts } from './row-texts.js';
import { outcomeOf, STATUSES, supersedes } from './status.js';

/** One member account of a pack, as AWS reports it. */
export interface AccountReport {
  /** Twelve digits. */
  readonly accountId: string;
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt?: number | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/**
 * The member accounts of one pack as columns: row `i` of each column is one account. Rows are
 * sorted by account id and each account has one. Some 17 bytes a row; objects would take 74 and
 * the rows of the SDK 208.
 */
export interface AccountColumns {
  readonly rows: number;
  /** The ids that `account` points into, shared by the packs that were read together. */
  readonly ids: readonly string[];
  readonly account: Uint32Array;
  /** Index into `statuses`. */
  readonly status: Uint8Array;
  /** The nine known statuses in their order, then those that AWS reported besides. */
  readonly statuses: readonly string[];
  /** Milliseconds since the epoch, NaN where AWS reports no time. */
  readonly updatedAt: Float64Array;
  /** 0 for no error, otherwise 1 + the index into `ERROR_CODES`. */
  readonly errorCode: Uint8Array;
  /** Error messages. */
  readonly messages: RowTexts;
  /** Error codes as AWS gave them, of the rows whose code is in no table. */
  readonly rawCodes: RowTexts;
}

/** Account ids, each held once for all the packs of a refresh. */
export class AccountIds {
  readonly #index = new Map<string, number>();
  #sorted = new Uint32Array();
  readonly list: string[] = [];

  intern(id: string): number {
    const known = this.#index.get(id);
    if (known !== undefined) return known;
    this.#index.set(id, this.list.length);
    return this.list.push(id) - 1;
  }

  /** Indexes into `list` by id. Sorted once for all packs, as long as no id is added. */
  sorted(): Uint32Array {
    if (this.#sorted.length < this.list.length) {
      this.#sorted = Uint32Array.from(this.list.toSorted(), (id) => this.intern(id));
    }
    return this.#sorted;
  }
}

/** Status bytes can name this many statuses; past it, unknown ones share the last. */
const MAX_STATUSES = 255;
const OVERFLOW_STATUS = 'OTHER';

const FIRST_ROWS = 128;

/**
 * Collects the reports of one pack, page by page, into columns. Packs are collected side by side, so
 * that what is not built yet is kept as tightly as what is.
 */
export class AccountColumnsBuilder {
  readonly #ids: AccountIds;
  readonly #statuses: string[] = [...STATUSES];
  /** 1 + the row of each account, 0 for those that have none. */
  #rowOf: Uint32Array;
  #rows = 0;
  #account: Uint32Array;
  #status: Uint8Array;
  #updatedAt: Float64Array;
  #errorCode: Uint8Array;
  readonly #messages = new RowTextsBuilder();
  readonly #rawCodes = new RowTextsBuilder();

  /** There may be more rows than expected, or fewer; columns that need not grow leave no garbage. */
  constructor(ids: AccountIds, expectedRows = FIRST_ROWS) {
    const rows = Math.max(1, expectedRows);
    this.#ids = ids;
    this.#rowOf = new Uint32Array(rows);
    this.#account = new Uint32Array(rows);
    this.#status = new Uint8Array(rows);
    this.#updatedAt = new Float64Array(rows);
    this.#errorCode = new Uint8Array(rows);
  }

  add(report: AccountReport): void {
    const account = this.#ids.intern(report.accountId);
    const duplicate = (this.#rowOf[account] ?? 0) - 1;
    if (duplicate >= 0 && !supersedes(report, this.#reportAt(duplicate))) return;
    const row = duplicate >= 0 ? duplicate : this.#addRow(account);
    const errorCode = errorCodeOf(report.errorCode, outcomeOf(report.status) === 'failed');
    this.#status[row] = this.#statusIndex(report.status);
    this.#updatedAt[row] = report.updatedAt ?? NaN;
    this.#errorCode[row] = errorCode === undefined ? 0 : 1 + ERROR_CODES.indexOf(errorCode);
    this.#messages.set(row, limitedMessage(report.errorMessage));
    this.#rawCodes.set(row, errorCode === OTHER ? limitedCode(report.errorCode) : undefined);
  }

  /** The columns, sorted by account id. The builder is not to be used afterwards. */
  build(): AccountColumns {
    const rows = this.#rows;
    const account = new Uint32Array(rows);
    const status = new Uint8Array(rows);
    const updatedAt = new Float64Array(rows);
    const errorCode = new Uint8Array(rows);
    const collected = new Uint32Array(rows);
    let row = 0;
    for (const id of this.#ids.sorted()) {
      const from = (this.#rowOf[id] ?? 0) - 1;
      if (from < 0) continue;
      account[row] = id;
      status[row] = this.#status[from] ?? 0;
      updatedAt[row] = this.#updatedAt[from] ?? NaN;
      errorCode[row] = this.#errorCode[from] ?? 0;
      collected[row] = from;
      row++;
    }
    const collectedAt = (sorted: number) => collected[sorted] ?? 0;
    const messages = this.#messages.build(rows, collectedAt);
    const rawCodes = this.#rawCodes.build(rows, collectedAt);
    const { list: ids } = this.#ids;
    const statuses = this.#statuses;
    return { rows, ids, account, status, statuses, updatedAt, errorCode, messages, rawCodes };
  }

  #addRow(account: number): number {
    const row = this.#rows++;
    if (row === this.#account.length) {
      const rows = 2 * row;
      this.#account = copied(this.#account, new Uint32Array(rows));
      this.#status = copied(this.#status, new Uint8Array(rows));
      this.#updatedAt = copied(this.#updatedAt, new Float64Array(rows));
      this.#errorCode = copied(this.#errorCode, new Uint8Array(rows));
    }
    if (account >= this.#rowOf.length) {
      this.#rowOf = copied(this.#rowOf, new Uint32Array(2 * this.#ids.list.length));
    }
    this.#account[row] = account;
    this.#rowOf[account] = row + 1;
    return row;
  }

  #reportAt(row: number): { status: string; updatedAt: number | undefined } {
    const updatedAt = this.#updatedAt[row] ?? NaN;
    return {
      status: this.#statuses[this.#status[row] ?? 0] ?? '',
      updatedAt: Number.isNaN(updatedAt) ? undefined : updatedAt,
    };
  }

  #statusIndex(status: string): number {
    const known = this.#statuses.indexOf(status);
    if (known >= 0) return known;
    if (this.#statuses.length < MAX_STATUSES) return this.#statuses.push(status) - 1;
    const overflow = this.#statuses.indexOf(OVERFLOW_STATUS);
    return overflow >= 0 ? overflow : this.#statuses.push(OVERFLOW_STATUS) - 1;
  }
}

function copied<Column extends Uint32Array | Uint8Array | Float64Array>(
  from: Column,
  to: Column,
): Column {
  to.set(from);
  return to;
}

/** One row, as it is kept. */
export interface KeptReport extends AccountReport {
  /** The code as AWS gave it, where it is in no table. */
  readonly rawCode?: string | undefined;
}

/** One row as an object, for readers that are in no hurry. */
export function reportAt(columns: AccountColumns, row: number): KeptReport {
  const code = columns.errorCode[row] ?? 0;
  const updatedAt = columns.updatedAt[row] ?? NaN;
  return {
    accountId: columns.ids[columns.account[row] ?? 0] ?? '',
    status: columns.statuses[columns.status[row] ?? 0] ?? '',
    updatedAt: Number.isNaN(updatedAt) ? undefined : updatedAt,
    errorCode: code === 0 ? undefined : ERROR_CODES[code - 1],
    errorMessage: textAt(columns.messages, row),
    rawCode: textAt(columns.rawCodes, row),
  };
}

/** The row of an account, by binary search; `undefined` where AWS does not report it. */
export function rowOf(columns: AccountColumns, accountId: string): number | undefined {
  const { account, ids, rows } = columns;
  const row = lowerBound(rows, (index) => (ids[account[index] ?? 0] ?? '') < accountId);
  return row < rows && ids[account[row] ?? 0] === accountId ? row : undefined;
}
