import { deserialize, serialize } from 'node:v8';
import type { AccountColumns } from '../conformance/account-columns.js';
import { summarize } from '../conformance/account-summary.js';
import { ERROR_CODES, OTHER } from '../conformance/error-code.js';
import type { OrganizationAccount, OrganizationAccounts } from '../conformance/organization.js';
import { RowTextsBuilder, textAt, type RowTexts } from '../conformance/row-texts.js';
import type { Pack, PackDetail, Scope, Snapshot } from '../conformance/snapshot.js';
import type { KeptState, SourceState } from './store.js';

/**
 * What is known, as a sequence of records that are each small enough to be made without anybody
 * having to wait. A record is its length in four bytes and a value as V8 serializes it, which reads
 * what older versions of it have written.
 */

/** Changes whenever a record's shape does; what has another number is not read. */
export const STATE_FORMAT = 1;

interface HeadRecord {
  readonly kind: 'head';
  readonly format: number;
  /** The table that columns of error codes point into, as it was. */
  readonly errorCodes: readonly string[];
}

interface SourceRecord {
  readonly kind: 'source';
  readonly source: Omit<SourceState, 'organization' | 'tried'>;
  readonly organization: Omit<OrganizationAccounts, 'accounts'> | undefined;
}

/** Accounts of the organization of the last source. */
interface AccountsRecord {
  readonly kind: 'accounts';
  readonly accounts: readonly OrganizationAccount[];
}

/** Account ids that packs share; the number is how many there were before. */
interface IdsRecord {
  readonly kind: 'ids';
  readonly ids: readonly string[];
}

interface ScopeRecord {
  readonly kind: 'scope';
  readonly scope: Scope;
  readonly access: string | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly snapshot: Omit<Snapshot, 'packs'> | undefined;
}

/** A pack of the last scope. */
interface PackRecord {
  readonly kind: 'pack';
  readonly pack: Omit<Pack, 'detail'>;
  readonly detail: KeptDetail | undefined;
}

interface KeptDetail extends Omit<PackDetail, 'accounts' | 'summary'> {
  readonly columns: KeptColumns;
  /** Number of the ids' record. */
  readonly ids: number;
}

interface KeptColumns extends Omit<AccountColumns, 'ids' | 'messages' | 'rawCodes'> {
  readonly messages: KeptTexts;
  readonly rawCodes: KeptTexts;
}

/** By row. */
type KeptTexts = ReadonlyMap<number, string>;

type StateRecord =
  HeadRecord | SourceRecord | AccountsRecord | IdsRecord | ScopeRecord | PackRecord;

const ACCOUNTS_A_RECORD = 1_000;

export function* encodeState({ scopes, sources }: KeptState): Generator<Buffer> {
  for (const record of recordsOf(scopes, sources)) {
    const value = serialize(record);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(value.length);
    yield Buffer.concat([length, value]);
  }
}

function* recordsOf(
  scopes: KeptState['scopes'],
  sources: KeptState['sources'],
): Generator<StateRecord> {
  yield { kind: 'head', format: STATE_FORMAT, errorCodes: ERROR_CODES };
  for (const { identity, name, organization, organizationId } of sources) {
    const source = { name, identity, organizationId };
    const { accounts = new Map<string, OrganizationAccount>(), ...rest } = organization ?? {};
    const kept = organization && (rest as Omit<OrganizationAccounts, 'accounts'>);
    yield { kind: 'source', source, organization: kept };
    const all = [...accounts.values()];
    for (let from = 0; from < all.length; from += ACCOUNTS_A_RECORD) {
      yield { kind: 'accounts', accounts: all.slice(from, from + ACCOUNTS_A_RECORD) };
    }
  }
  const numbers = new Map<readonly string[], number>();
  for (const { access, lastSuccessAt, scope, snapshot } of scopes) {
    const { packs = [], ...rest } = snapshot ?? {};
    const kept = snapshot && (rest as Omit<Snapshot, 'packs'>);
    yield { kind: 'scope', scope, access, lastSuccessAt, snapshot: kept };
    for (const { detail, ...pack } of packs) {
      if (detail === undefined) {
        yield { kind: 'pack', pack, detail: undefined };
        continue;
      }
      // What the accounts come to is counted anew when they are read back.
      const { ids, messages, rawCodes, ...others } = detail.accounts;
      const texts = { messages: keepTexts(messages), rawCodes: keepTexts(rawCodes) };
      const columns = { ...others, ...texts };
      if (!numbers.has(ids)) {
        numbers.set(ids, numbers.size);
        yield { kind: 'ids', ids };
      }
      const number = numbers.get(ids) ?? 0;
      const { mismatch, readAt, rollUp } = detail;
      yield { kind: 'pack', pack, detail: { readAt, mismatch, rollUp, columns, ids: number } };
    }
  }
}

function keepTexts(texts: RowTexts): KeptTexts {
  const byRow = new Map<number, string>();
  for (let row = 0; row < texts.text.length; row++) {
    const text = textAt(texts, row);
    if (text !== undefined) byRow.set(row, text);
  }
  return byRow;
}

/** The opposite of {@link encodeState}. Throws where the bytes are something else. */
export function decodeState(bytes: Buffer): KeptState {
  const sources: SourceState[] = [];
  const scopes: KeptState['scopes'][number][] = [];
  const ids: (readonly string[])[] = [];
  let accounts = new Map<string, OrganizationAccount>();
  let packs: Pack[] = [];
  let toErrorCode: ReadErrorCode = (code) => code;
  for (const record of decodeRecords(bytes)) {
    switch (record.kind) {
      case 'head':
        toErrorCode = errorCodesOf(record.errorCodes);
        break;
      case 'source': {
        accounts = new Map();
        const organization = record.organization && { ...record.organization, accounts };
        sources.push({ ...record.source, organization });
        break;
      }
      case 'accounts':
        for (const account of record.accounts) accounts.set(account.id, account);
        break;
      case 'ids':
        ids.push(record.ids);
        break;
      case 'scope': {
        packs = [];
        const { access, lastSuccessAt, scope, snapshot } = record;
        scopes.push({ scope, access, lastSuccessAt, snapshot: snapshot && { ...snapshot, packs } });
        break;
      }
      case 'pack':
        packs.push({
          ...record.pack,
          detail: record.detail && restoreDetail(record.detail, ids, toErrorCode),
        });
        break;
    }
  }
  return { scopes, sources };
}

function* decodeRecords(bytes: Buffer): Generator<StateRecord> {
  let first = true;
  for (let at = 0; at < bytes.length; first = false) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) throw new RangeError('a record goes on beyond the end');
    const record = deserialize(bytes.subarray(at + 4, end)) as StateRecord;
    if (first && (record.kind !== 'head' || record.format !== STATE_FORMAT)) {
      throw new RangeError('another version has written it');
    }
    yield record;
    at = end;
  }
  if (first) throw new RangeError('there is nothing in it');
}

function restoreDetail(
  { columns, ids: number, ...rest }: KeptDetail,
  idLists: readonly (readonly string[])[],
  toErrorCode: ReadErrorCode,
): PackDetail {
  const ids = idLists[number];
  if (ids === undefined) throw new RangeError('a pack has accounts without ids');
  const { account, errorCode, messages, rawCodes, rows, status, statuses, updatedAt } = columns;
  const accounts = {
    rows,
    ids,
    // A column as V8 reads it may be a view of the file, and would keep all of it.
    account: account.slice(),
    status: status.slice(),
    statuses,
    updatedAt: updatedAt.slice(),
    errorCode: errorCode.map(toErrorCode),
    messages: restoreTexts(rows, messages),
    rawCodes: restoreTexts(rows, rawCodes),
  };
  return { ...rest, accounts, summary: summarize(accounts) };
}

function restoreTexts(rows: number, byRow: KeptTexts): RowTexts {
  const builder = new RowTextsBuilder();
  for (const [row, text] of byRow) builder.set(row, text);
  return builder.build(rows, (row) => row);
}

/** Turns a value of the column of error codes into one of today's table. */
type ReadErrorCode = (code: number) => number;

/** Another version may know codes that this one does not, and in another order. */
function errorCodesOf(table: readonly string[]): ReadErrorCode {
  const other = ERROR_CODES.indexOf(OTHER);
  const today = table.map((code) => {
    const index = ERROR_CODES.indexOf(code);
    return 1 + (index < 0 ? other : index);
  });
  return (code) => (code === 0 ? 0 : (today[code - 1] ?? 1 + other));
}
