import { isIP, SocketAddress } from 'node:net';

/**
 * One name of the list, after its kind: as it is, or, where it holds anything that could be mistaken
 * for the list itself, as a JSON string. So Node.js writes them since CVE-2021-44532.
 */
const NAME = /(?<kind>[^:,"]+):(?:(?<quoted>"(?:[^"\\]|\\.)*")|(?<plain>[^,"]*))(?:, |$)/y;

const KINDS = new Set(['DNS', 'IP Address', 'email', 'URI']);

/**
 * The DNS names, IP addresses, e-mail addresses and URIs of a certificate, from the text that Node.js
 * makes of them. None where the text is not understood as a whole.
 */
export function namesOf(subjectAltName: string): readonly string[] {
  const names: string[] = [];
  const pattern = new RegExp(NAME);
  while (pattern.lastIndex < subjectAltName.length) {
    const groups = pattern.exec(subjectAltName)?.groups;
    if (groups === undefined) return [];
    const { kind = '', plain, quoted } = groups;
    if (!KINDS.has(kind)) continue;
    names.push(canonical(quoted === undefined ? (plain ?? '') : (JSON.parse(quoted) as string)));
  }
  return names;
}

/** An IPv6 address has many spellings; anything else is compared as it is. */
export function canonical(name: string): string {
  return isIP(name) === 6 ? new SocketAddress({ address: name, family: 'ipv6' }).address : name;
}
