import { SECTIONS } from '../../paths.js';
import type { PackKey } from '../../status/pack-status.js';
import type { Assets } from '../assets.js';

/** What every page knows of the place it is served from. */
export interface Site {
  /** Prefix of all links, without a slash at the end. */
  readonly linkPrefix: string;
  /** Path of the metrics below the prefix. */
  readonly telemetryPath: string;
  readonly version: string;
  readonly assets: Assets;
  /** Where the runbooks can be read; without it nothing leads to them. */
  readonly runbooksUrl?: string | undefined;
}

/** Values of a query; what is `undefined` or empty is left out. */
export type LinkQuery = Readonly<Record<string, string | number | undefined>>;

/** Where a browser finds a path. */
export function linkTo({ linkPrefix }: Site, path: string, query: LinkQuery = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${linkPrefix}${path}${text === '' ? '' : `?${text}`}`;
}

export function packPath({ pack, region, source }: PackKey): string {
  return `${SECTIONS.packs}/${[source, region, pack].map(segment).join('/')}`;
}

export function accountPath(accountId: string): string {
  return `${SECTIONS.accounts}/${segment(accountId)}`;
}

/** Where the runbook of an alert can be read, as the alerts themselves have it. */
export function runbookOf({ runbooksUrl }: Site, alert: string): string | undefined {
  return runbooksUrl === undefined ? undefined : `${runbooksUrl.replace(/\/+$/, '')}/${alert}.md`;
}

/** A name may hold half a character, of which no link can be made. */
function segment(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
