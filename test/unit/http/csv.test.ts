import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvHead, csvRow, type CsvColumn } from '../../../src/http/csv.js';

const COLUMNS: readonly CsvColumn<readonly (string | undefined)[]>[] = [
  { name: 'a', value: ([a]) => a },
  { name: 'b', value: ([, b]) => b },
];

const line = (a?: string, b?: string) => csvRow(COLUMNS, [a, b]);

/** A reader of RFC 4180 that shares nothing with the writer. */
function read(text: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n$)/y;
  for (;;) {
    const [whole, quoted, bare = '', end] = cell.exec(text) ?? [];
    if (whole === undefined) throw new Error(`no CSV: ${text}`);
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== ',') return cells;
  }
}

describe('CSV', () => {
  it('has a line of names, and one for each row', () => {
    expect(csvHead(COLUMNS)).toBe('a,b\r\n');
    expect(line('1', '2')).toBe('1,2\r\n');
    expect(line(undefined, '')).toBe(',\r\n');
  });

  it('quotes what would end a cell', () => {
    expect(line('a,b', 'say "no"')).toBe('"a,b","say ""no"""\r\n');
    expect(line('two\nlines', 'x')).toBe('"two\nlines",x\r\n');
  });

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '\n=1',
    '|calc',
    '%0A=1',
    '=HYPERLINK("http://x","y")',
  ])('makes no formula of %j', (text) => {
    expect(read(line(text, ''))).toEqual([`'${text}`, '']);
  });

  it('comes back as it was, but for the apostrophe before a formula', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const cells = read(line(a, b));
        const bare = (text: string) => text.replace(/^'/, '');
        expect(cells.map(bare)).toEqual([a, b].map(bare));
        for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });
});
