/**
 * Texts by row. Few rows have one as a rule; in a mass failure all have, the same text or each its own.
 * A row takes a byte where there are up to 255 texts, and two where there are up to 65,535.
 */
export interface RowTexts {
  /** 0 for no text, otherwise 1 + the index into `texts`. Empty where no row has a text. */
  readonly text: Uint8Array | Uint16Array | Uint32Array;
  /** Each once, in the order of the first rows that have them. */
  readonly texts: readonly string[];
}

export function textAt({ text, texts }: RowTexts, row: number): string | undefined {
  const place = text[row] ?? 0;
  return place === 0 ? undefined : texts[place - 1];
}

/** Collects texts by row, in any order. */
export class RowTextsBuilder {
  readonly #places = new Map<string, number>();
  /** By row, as far as the last that has ever had a text. */
  readonly #text: number[] = [];

  set(row: number, text: string | undefined): void {
    if (text !== undefined) this.#text[row] = this.#placeOf(text);
    else if (row < this.#text.length) this.#text[row] = 0;
  }

  /** So many rows, put in order: `from` is the row of here that comes to stand in a row of there. */
  build(rows: number, from: (row: number) => number): RowTexts {
    const collected = [...this.#places.keys()];
    const placeOf = new Uint32Array(1 + collected.length);
    const texts: string[] = [];
    const text = new Uint32Array(collected.length === 0 ? 0 : rows);
    for (let row = 0; row < text.length; row++) {
      const place = this.#text[from(row)] ?? 0;
      if (place === 0) continue;
      if (placeOf[place] === 0) placeOf[place] = texts.push(collected[place - 1] ?? '');
      text[row] = placeOf[place] ?? 0;
    }
    // A list that has grown has room to grow further.
    return { text: narrowed(text, texts.length), texts: texts.slice() };
  }

  #placeOf(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#places.size + 1);
    return this.#places.size;
  }
}

function narrowed(column: Uint32Array, highest: number): RowTexts['text'] {
  if (highest === 0) return new Uint8Array();
  if (highest <= 0xff) return new Uint8Array(column);
  return highest <= 0xffff ? new Uint16Array(column) : column;
}
