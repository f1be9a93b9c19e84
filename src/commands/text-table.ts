/** Control characters would let a message of AWS move the cursor of whoever reads it. */
const CONTROL = /\p{Cc}+/gu;

/** Columns of text, as wide as they have to be; the last is left as long as it is. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((cells) => cells.map((cell) => cell.replace(CONTROL, ' ')));
  const widths = (clean[0] ?? []).map((_, column) =>
    Math.max(...clean.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return clean.map((cells) => `${line(cells)}\n`).join('');
}
