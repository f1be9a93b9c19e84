/** A part of a bar. */
export interface Share<Name extends string> {
  readonly name: Name;
  readonly count: number;
  /** Where it begins and how wide it is, in percent of the bar. */
  readonly start: number;
  readonly width: number;
}

/** One account of ten thousand is worth seeing. In percent. */
const NARROWEST = 2;

/** Divides a bar by counts. What there is can be seen, however little it is; what there is not is left out. */
export function sharesOf<Name extends string>(
  counts: readonly (readonly [Name, number])[],
): readonly Share<Name>[] {
  const present = counts.filter(([, count]) => count > 0);
  const total = present.reduce((sum, [, count]) => sum + count, 0);
  const wish = present.map(([, count]) => Math.max(NARROWEST, (100 * count) / total));
  const scale = 100 / wish.reduce((sum, width) => sum + width, 0);
  let start = 0;
  return present.map(([name, count], index) => {
    const width = (wish[index] ?? 0) * scale;
    const share = { name, count, start, width };
    start += width;
    return share;
  });
}
