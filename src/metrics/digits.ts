const ZERO = 0x30;
const DOT = 0x2e;

/** The most bytes that {@link writeSeconds} writes. */
export const MAX_SECONDS_BYTES = 32;

/** Larger values than this have no exact millisecond in a double anyway. */
const LARGEST_MS = 1e15;

/**
 * Writes a time or duration given in milliseconds as seconds, with as many of three decimals as it
 * needs: 1500 becomes `1.5`. Returns the offset behind it. Digit by digit, since this runs once an
 * account at each scrape and a number's string costs five times as much.
 */
export function writeSeconds(out: Buffer, offset: number, ms: number): number {
  if (!(ms >= 0 && ms < LARGEST_MS)) return offset + out.write(String(ms / 1000), offset, 'latin1');
  const whole = Math.floor(ms / 1000);
  const end = writeInteger(out, offset, whole);
  let fraction = Math.floor(ms) - whole * 1000;
  if (fraction === 0) return end;
  let places = 3;
  while (fraction % 10 === 0) {
    fraction /= 10;
    places--;
  }
  out[end] = DOT;
  for (let i = places; i > 0; i--) {
    out[end + i] = ZERO + (fraction % 10);
    fraction = (fraction / 10) | 0;
  }
  return end + 1 + places;
}

const LOW = 100_000;

/** `value` is a whole number from 0 to 10¹². Split in two, so that the loops stay in 32 bits. */
function writeInteger(out: Buffer, offset: number, value: number): number {
  const high = Math.floor(value / LOW);
  let low = value - high * LOW;
  const digits = digitsOf(high === 0 ? low : high) + (high === 0 ? 0 : 5);
  let at = offset + digits;
  if (high > 0) {
    for (let i = 0; i < 5; i++) {
      out[--at] = ZERO + (low % 10);
      low = (low / 10) | 0;
    }
    low = high;
  }
  do {
    out[--at] = ZERO + (low % 10);
    low = (low / 10) | 0;
  } while (at > offset);
  return offset + digits;
}

function digitsOf(value: number): number {
  let digits = 1;
  while (value >= 10) {
    value = Math.floor(value / 10);
    digits++;
  }
  return digits;
}
