/** The most bytes that {@link writeSeconds} touches. */
export const MAX_SECONDS_BYTES = 32;

/** Larger values than this have no exact millisecond in a double anyway. */
const LARGEST_MS = 1e15;

/** `0000` to `9999`, and `.000` to `.999`: four characters each, as one number. */
const FOUR_DIGITS = fours(10_000, (group) => String(group).padStart(4, '0'));
const DECIMALS = fours(1_000, (group) => `.${String(group).padStart(3, '0')}`);

/** The first character is the lowest byte, as {@link DataView} writes it in little-endian order. */
function fours(count: number, textOf: (index: number) => string): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) =>
    Buffer.from(textOf(index), 'latin1').readUInt32LE(),
  );
}

/**
 * Writes a time or duration given in milliseconds as seconds, with as many of three decimals as it
 * needs: 1500 becomes `1.5`. Returns the offset behind it. By hand and four characters at a time, since
 * this runs once an account at each scrape and a number's string costs many times as much.
 */
export function writeSeconds(out: DataView, offset: number, ms: number): number {
  if (!(ms >= 0 && ms < LARGEST_MS)) return writeAscii(out, offset, String(ms / 1000));
  const whole = Math.floor(ms / 1000);
  const decimals = Math.floor(ms) - whole * 1000;
  const end = writeInteger(out, offset, whole);
  if (decimals === 0) return end;
  out.setUint32(end, DECIMALS[decimals] as number, true);
  if (decimals % 10 !== 0) return end + 4;
  return decimals % 100 === 0 ? end + 2 : end + 3;
}

/** `value` is a whole number below 10¹². Returns the offset behind it. */
function writeInteger(out: DataView, offset: number, value: number): number {
  const high = Math.floor(value / 1e8);
  // From here on it is arithmetic of 32 bits.
  const low = value - high * 1e8;
  const middle = (low / 1e4) | 0;
  let at = offset;
  if (high > 0) at = writeLeading(out, at, high);
  if (at > offset) at = writeGroup(out, at, middle);
  else if (middle > 0) at = writeLeading(out, at, middle);
  const rest = low - middle * 1e4;
  return at > offset ? writeGroup(out, at, rest) : writeLeading(out, at, rest);
}

/** Four digits. Returns the offset behind them. */
function writeGroup(out: DataView, offset: number, group: number): number {
  out.setUint32(offset, FOUR_DIGITS[group] as number, true);
  return offset + 4;
}

/** Up to four digits, none of them a leading zero. Returns the offset behind them. */
function writeLeading(out: DataView, offset: number, group: number): number {
  const zeros = group < 10 ? 3 : group < 100 ? 2 : group < 1000 ? 1 : 0;
  // What is shifted in behind the digits is overwritten by what follows.
  out.setUint32(offset, (FOUR_DIGITS[group] as number) >>> (8 * zeros), true);
  return offset + 4 - zeros;
}

function writeAscii(out: DataView, offset: number, text: string): number {
  for (let i = 0; i < text.length; i++) out.setUint8(offset + i, text.charCodeAt(i));
  return offset + text.length;
}
