/** A column of a CSV file. */
export interface CsvColumn<Row> {
  readonly name: string;
  readonly value: (row: Row) => string | undefined;
}

/** The line of names that a file begins with. */
export function csvHead<Row>(columns: readonly CsvColumn<Row>[]): string {
  return csvLine(columns.map(({ name }) => name));
}

export function csvRow<Row>(columns: readonly CsvColumn<Row>[], row: Row): string {
  return csvLine(columns.map(({ value }) => value(row) ?? ''));
}

/** As RFC 4180 has it. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * Spreadsheets run what begins with one of these as a formula; some look behind white space, and some
 * at each line. An apostrophe makes it text.
 */
const FORMULA = /^\s*[=+\-@\t\r\n|%]/;

function csvCell(text: string): string {
  const cell = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
