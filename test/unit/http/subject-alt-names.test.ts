import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonical, namesOf } from '../../../src/http/subject-alt-names.js';
import { certify } from '../../support/certificates.js';

describe('the names of a certificate', () => {
  it('are DNS names, IP addresses, e-mail addresses and URIs', async () => {
    const { cert } = await certify({
      dns: ['a.example.com', '*.example.com'],
      ips: ['10.0.0.1', '2001:db8::1'],
      emails: ['a@example.com'],
      uris: ['spiffe://example.com/prometheus'],
    });
    expect(namesOf(new X509Certificate(cert).subjectAltName ?? '')).toEqual([
      'a@example.com',
      'a.example.com',
      '*.example.com',
      'spiffe://example.com/prometheus',
      '10.0.0.1',
      '2001:db8::1',
    ]);
  });

  it('cannot be forged by one that looks like several', async () => {
    const dns = ['evil.example.com, DNS:good.example.com', '"', 'last.example.com'];
    const { cert } = await certify({ dns, ips: [], uris: ['x:a, URI:b'] });
    expect(namesOf(new X509Certificate(cert).subjectAltName ?? '')).toEqual([...dns, 'x:a, URI:b']);
  });

  it.each([
    ['', []],
    ['DNS:a', ['a']],
    ['DirName:"CN=a\\u002c O=b", DNS:c', ['c']],
    ['othername:<unsupported>, DNS:c', ['c']],
    ['Registered ID:1.2.3.4, DNS:c', ['c']],
    // Nothing that Node.js writes; who knows what else is not as it seems.
    ['DNS:a, nonsense', []],
    ['DNS:"a', []],
    ['DNS:"a"b', []],
  ])('in %j are %j', (text, names) => {
    expect(namesOf(text)).toEqual(names);
  });

  it.each([
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:db8::a', '2001:DB8:0:0:0:0:0:A'],
  ])('take %s and %s for the same address', (short, long) => {
    expect(canonical(long)).toBe(short);
    expect(canonical(short)).toBe(short);
  });
});
