import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { PackAccount, SelectedAccounts } from '../../status/pack-accounts.js';
import type { PackKey } from '../../status/pack-status.js';
import type { InTurn } from '../turns.js';
import { csvHead, csvRow, type CsvColumn } from '../csv.js';

/** A form in which all accounts of a pack can be had at once. */
export interface DownloadFormat {
  readonly extension: string;
  readonly contentType: string;
  readonly head: string;
  /** `isFirst` for the first of all. */
  readonly row: (account: PackAccount, key: PackKey, isFirst: boolean) => string;
  readonly end: string;
}

type CsvAccount = PackAccount & PackKey;

/** Named as the labels of the metrics are, where they are the same. */
const COLUMNS: readonly CsvColumn<CsvAccount>[] = [
  { name: 'source', value: ({ source }) => source },
  { name: 'aws_region', value: ({ region }) => region },
  { name: 'conformance_pack', value: ({ pack }) => pack },
  { name: 'account_id', value: ({ accountId }) => accountId },
  { name: 'account_name', value: ({ name }) => name },
  { name: 'ou_path', value: ({ ouPath }) => ouPath },
  { name: 'account_state', value: ({ accountState }) => accountState },
  { name: 'standing', value: ({ standing }) => standing },
  { name: 'status', value: ({ status }) => status },
  { name: 'error_code', value: ({ errorCode }) => errorCode },
  { name: 'raw_code', value: ({ rawCode }) => rawCode },
  { name: 'error_message', value: ({ errorMessage }) => errorMessage },
  { name: 'last_update', value: ({ updatedAt }) => updatedAt },
];

export const DOWNLOAD_FORMATS: readonly DownloadFormat[] = [
  {
    extension: 'csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvHead(COLUMNS),
    row: (account, key) => csvRow(COLUMNS, { ...account, ...key }),
    end: '',
  },
  {
    extension: 'json',
    contentType: 'application/json; charset=utf-8',
    head: '[',
    row: (account, _key, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(account)}`,
    end: '\n]\n',
  },
];

/** What is sent as a file. */
export interface Download {
  readonly format: DownloadFormat;
  readonly key: PackKey;
  readonly selected: SelectedAccounts;
  readonly inTurn: InTurn;
}

/** Rows made before others get their turn. */
const ROWS_A_TURN = 500;

async function* written({ format, inTurn, key, selected }: Download) {
  const { accountAt, numbers } = selected;
  const rowsFrom = (start: number) =>
    [...numbers.subarray(start, start + ROWS_A_TURN)]
      .map((number, index) => format.row(accountAt(number), key, start + index === 0))
      .join('');
  yield format.head;
  for (let start = 0; start < numbers.length; start += ROWS_A_TURN) {
    yield await inTurn(() => rowsFrom(start));
  }
  yield format.end;
}

/** Sends all selected accounts as a file. Rejects where the client goes away. */
export async function sendDownload(response: Response, download: Download): Promise<void> {
  const { format, key } = download;
  const name = `${key.pack}-${key.region}`.replace(/[^\w.-]+/g, '_');
  response.set({
    'Content-Type': format.contentType,
    'Content-Disposition': `attachment; filename="${name}.${format.extension}"`,
  });
  if (response.req.method === 'HEAD') response.end();
  else await pipeline(written(download), response);
}
