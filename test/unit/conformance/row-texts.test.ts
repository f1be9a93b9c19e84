import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowTextsBuilder, textAt, type RowTexts } from '../../../src/conformance/row-texts.js';

type Texts = readonly (string | undefined)[];

function build(texts: Texts): RowTexts {
  const builder = new RowTextsBuilder();
  texts.forEach((text, row) => builder.set(row, text));
  return builder.build(texts.length, (row) => row);
}

const readBack = (rows: number, kept: RowTexts) =>
  Array.from({ length: rows }, (_, row) => textAt(kept, row));
const distinct = (count: number) => Array.from({ length: count }, (_, n) => `text ${n}`);

describe('RowTextsBuilder', () => {
  it('keeps the last text of each row, whatever the order, and puts the rows in theirs', () => {
    const text = fc.option(fc.constantFrom('busy', 'denied', 'gone'), { nil: undefined });
    const set = fc.tuple(fc.integer({ min: 0, max: 9 }), text);
    fc.assert(
      fc.property(fc.array(set), (sets) => {
        const builder = new RowTextsBuilder();
        const expected = Array.from<string | undefined>({ length: 10 });
        for (const [row, text] of sets) {
          builder.set(row, text);
          expected[9 - row] = text;
        }
        const kept = builder.build(10, (row) => 9 - row);
        expect(readBack(10, kept)).toEqual(expected);
      }),
    );
  });

  it('keeps a text once, however many rows have it', () => {
    const { text, texts } = build(['busy', undefined, 'busy', 'denied', 'busy']);
    expect(texts).toEqual(['busy', 'denied']);
    expect(text).toEqual(Uint8Array.of(1, 0, 1, 2, 1));
  });

  it('forgets a text that no row has any more', () => {
    const builder = new RowTextsBuilder();
    builder.set(0, 'was bad');
    builder.set(0, undefined);
    expect(builder.build(1, (row) => row)).toEqual({ text: new Uint8Array(), texts: [] });
  });

  it('takes no place for rows without a text where none has one', () => {
    expect(build([undefined, undefined])).toEqual({ text: new Uint8Array(), texts: [] });
  });

  it.each([
    [255, Uint8Array],
    [256, Uint16Array],
    [65_535, Uint16Array],
    [65_536, Uint32Array],
  ])('tells %i texts apart, in a column that is as narrow as can be', (count, column) => {
    const texts = distinct(count);
    const kept = build(texts);
    expect(kept.text).toBeInstanceOf(column);
    expect(readBack(count, kept)).toEqual(texts);
  });
});
