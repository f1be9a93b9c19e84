import type { Request } from 'express';
import { SECTIONS } from '../paths.js';
import type { PackKey } from '../status/pack-status.js';

/** What is read of a request. */
export type Asked = Pick<Request, 'params' | 'url'>;

/** The query, with what is given twice. */
export function queryOf({ url }: Asked): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}

/** Path of a pack below that of the API or of the pages. */
export const PACK_ROUTE = `${SECTIONS.packs}/:source/:region/:pack`;

/** The pack that is named by a path of {@link PACK_ROUTE}. */
export function packKeyOf(asked: Asked): PackKey {
  return {
    source: segment(asked, 'source'),
    region: segment(asked, 'region'),
    pack: segment(asked, 'pack'),
  };
}

export const ACCOUNT_ROUTE = `${SECTIONS.accounts}/:accountId`;

/** The account that is named by a path of {@link ACCOUNT_ROUTE}. */
export function accountIdOf(asked: Asked): string {
  return segment(asked, 'accountId');
}

function segment({ params }: Asked, name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : '';
}
