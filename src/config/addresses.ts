import { isIPv4 } from 'node:net';
import type { Address } from './kinds.js';

/** Says of each address that cannot be had beside an earlier one why; what is no address is skipped. */
export function clashesAmong(addresses: readonly (Address | undefined)[]): readonly string[] {
  return addresses.flatMap((address, index) => {
    const clash = addresses.slice(0, index).find((earlier) => clashes(earlier, address));
    if (address === undefined || clash === undefined) return [];
    const [text, other] = [textOf(address), textOf(clash)];
    return text === other
      ? `${text} is given twice`
      : `${text} cannot be had beside ${other}, which takes the same port`;
  });
}

function clashes(one: Address | undefined, other: Address | undefined): boolean {
  // Port 0 is another one each time.
  if (one === undefined || other?.port !== one.port || one.port === 0) return false;
  return textOf(one) === textOf(other) || holds(one, other) || holds(other, one);
}

/** Whether a socket on the one listens on the other as well; all of IPv6 is all of IPv4, too. */
function holds({ host = '::' }: Address, other: Address): boolean {
  return host === '::' || (host === '0.0.0.0' && isIPv4(other.host ?? ''));
}

function textOf({ host = '', port }: Address): string {
  return JSON.stringify(`${host.includes(':') ? `[${host}]` : host}:${port}`.toLowerCase());
}
