/**
 * Where something sorted stops being before what is looked for: the first of `length` places of which
 * `isBefore` does not hold, or `length`.
 */
export function lowerBound(length: number, isBefore: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
