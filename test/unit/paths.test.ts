import { describe, expect, it } from 'vitest';
import { sectionOf, SECTIONS } from '../../src/paths.js';
import { serving } from '../support/app.js';
import { OpenApi } from '../support/openapi.js';
import { NOTHING_KNOWN } from '../support/status.js';

describe('a path', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/-', '/-'],
    ['/-/ready', '/-'],
    ['/api', '/api'],
    ['/api/v1/status', '/api'],
    ['/assets/', '/assets'],
    ['/packs', '/packs'],
    ['/ACCOUNTS/1', '/ACCOUNTS'],
    ['/metrics', undefined],
    ['/apis', undefined],
    ['/team/api', undefined],
    ['/-metrics', undefined],
  ])('%s is in the section %s', (path, section) => {
    expect(sectionOf(path)).toBe(section);
  });

  it('of the API is in one', () => {
    const paths = Object.keys(new OpenApi().description.paths);
    expect(paths.map(sectionOf)).toEqual(paths.map(() => SECTIONS.api));
  });

  it('leads to the same in capitals', async () => {
    const { url } = await serving(NOTHING_KNOWN);
    const pages = await Promise.all(
      ['/accounts', '/ACCOUNTS'].map(async (path) => (await fetch(url + path)).text()),
    );
    expect(pages[1]).toBe(pages[0]);
  });
});
