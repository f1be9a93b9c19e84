import { createHash } from 'node:crypto';
import { ServiceError, type Call } from './wire.js';

export interface PageOptions {
  /** Items on the page. */
  readonly limit: number;
  /** What the service answers to a token that it did not give out for this very call. */
  readonly invalidToken: string;
  /** Whether a listing of several pages begins with an empty one, as AWS Organizations may do. */
  readonly emptyFirst?: true;
}

/**
 * One page of a listing. The token tells where the next begins, and for which caller, operation and
 * arguments it was given out: it is good for no other.
 */
export function paginate<Item>(
  call: Call,
  items: readonly Item[],
  { emptyFirst, invalidToken, limit }: PageOptions,
): { page: readonly Item[]; nextToken: string | undefined } {
  const seal = sealOf(call);
  const token = call.input['NextToken'];
  const start = token === undefined ? 0 : offsetOf(token, seal);
  if (start === undefined)
    throw new ServiceError(invalidToken, 'The specified next token is not valid.');
  const end = emptyFirst && token === undefined && items.length > limit ? 0 : start + limit;
  const nextToken =
    end < items.length ? Buffer.from(`${seal}:${end}`).toString('base64url') : undefined;
  return { page: items.slice(start, end), nextToken };
}

function sealOf({ caller, input, operation }: Call): string {
  const argumentsOnly = { ...input, NextToken: undefined, Limit: undefined, MaxResults: undefined };
  return createHash('sha256')
    .update(JSON.stringify([caller.accountId, caller.region, operation, argumentsOnly]))
    .digest('base64url')
    .slice(0, 16);
}

function offsetOf(token: unknown, seal: string): number | undefined {
  if (typeof token !== 'string') return undefined;
  const [given, offset] = Buffer.from(token, 'base64url').toString('latin1').split(':');
  return given === seal && /^\d+$/.test(offset ?? '') ? Number(offset) : undefined;
}
