/** The value in the middle; of an even number the higher one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** A straight line through points by least squares. */
export interface Line {
  readonly slope: number;
  /** Standard error of the slope. */
  readonly slopeError: number;
  readonly intercept: number;
}

export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const meanX = mean(([x]) => x);
  const meanY = mean(([, y]) => y);
  const varianceX = mean(([x]) => (x - meanX) ** 2);
  const slope = mean(([x, y]) => (x - meanX) * (y - meanY)) / varianceX;
  const intercept = meanY - slope * meanX;
  const residual = mean(([x, y]) => (y - intercept - slope * x) ** 2);
  const slopeError = Math.sqrt(residual / (varianceX * (points.length - 2)));
  return { slope, slopeError, intercept };
}

/** A number as people read it, with thousands set apart. */
export function figure(value: number, digits = 0): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'negative',
  });
}
