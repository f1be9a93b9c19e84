const DOT = 0x2e;

/** The most bytes that {@link writeSeconds} writes. */
export const MAX_SECONDS_BYTES = 32;

/** Larger values than this have no exact millisecond in a double anyway. */
const LARGEST_MS = 1e15;

/** The digits of 000 to 999, one behind the other: three at a time take a third of the divisions. */
const GROUPS = Buffer.from(
  Array.from({ length: 1000 }, (_, group) => String(group).padStart(3, '0')).join(''),
  'latin1',
);

/**
 * Writes a time or duration given in milliseconds as seconds, with as many of three decimals as it
 * needs: 1500 becomes `1.5`. Returns the offset behind it. By hand, since this runs once an account
 * at each scrape and a number's string costs five times as much.
 */
export function writeSeconds(out: Buffer, offset: number, ms: number): number {
  if (!(ms >= 0 && ms < LARGEST_MS)) return offset + out.write(String(ms / 1000), offset, 'latin1');
  const whole = Math.floor(ms / 1000);
  const decimals = Math.floor(ms) - whole * 1000;
  const end = writeInteger(out, offset, whole);
  if (decimals === 0) return end;
  out[end] = DOT;
  writeGroup(out, end + 1, decimals);
  if (decimals % 10 !== 0) return end + 4;
  return decimals % 100 === 0 ? end + 2 : end + 3;
}

/** `value` is a whole number from 0 to 10¹². Returns the offset behind it. */
function writeInteger(out: Buffer, offset: number, value: number): number {
  if (value < 1000) return writeLeading(out, offset, value);
  // Split in two, so that the rest is arithmetic of 32 bits.
  const high = Math.floor(value / 1e6);
  const low = value - high * 1e6;
  const middle = (low / 1000) | 0;
  let at: number;
  if (high === 0) at = writeLeading(out, offset, middle);
  else {
    const top = (high / 1000) | 0;
    if (top === 0) at = writeLeading(out, offset, high);
    else {
      at = writeLeading(out, offset, top);
      writeGroup(out, at, high - top * 1000);
      at += 3;
    }
    writeGroup(out, at, middle);
    at += 3;
  }
  writeGroup(out, at, low - middle * 1000);
  return at + 3;
}

/** Three digits. */
function writeGroup(out: Buffer, offset: number, group: number): void {
  const from = group * 3;
  out[offset] = GROUPS[from] as number;
  out[offset + 1] = GROUPS[from + 1] as number;
  out[offset + 2] = GROUPS[from + 2] as number;
}

/** Up to three digits, none of them a leading zero. Returns the offset behind them. */
function writeLeading(out: Buffer, offset: number, group: number): number {
  const skipped = group < 10 ? 2 : group < 100 ? 1 : 0;
  for (let i = skipped; i < 3; i++) out[offset + i - skipped] = GROUPS[group * 3 + i] as number;
  return offset + 3 - skipped;
}
