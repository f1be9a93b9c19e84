/** A plot with logarithmic axes: a line with a mark at each measurement, for each of what is compared. */
export interface Plot {
  /** Name of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly PlotLine[];
}

export interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 640;
const HEIGHT = 380;
const MARGIN = { top: 44, right: 150, bottom: 48, left: 64 };
/** Told apart by whoever sees no red or no green, too. */
const COLOURS = ['#0072b2', '#d55e00', '#555555'];

type Scale = (value: number) => number;

/** The plot as SVG, on a white ground so that it can be read on any page. */
export function drawPlot({ lines, title, x, y }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const xTicks = powersAround(points.map(([value]) => value));
  const yTicks = powersAround(points.map(([, value]) => value));
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const toX = logarithmic(xTicks, MARGIN.left, right);
  const toY = logarithmic(yTicks, bottom, MARGIN.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(MARGIN.left, 24, title, 'font-size="15" font-weight="bold"'),
    ...xTicks.flatMap((tick) => [
      rule(toX(tick), MARGIN.top, toX(tick), bottom),
      text(toX(tick), bottom + 18, short(tick), 'text-anchor="middle"'),
    ]),
    ...yTicks.flatMap((tick) => [
      rule(MARGIN.left, toY(tick), right, toY(tick)),
      text(MARGIN.left - 8, toY(tick) + 4, short(tick), 'text-anchor="end"'),
    ]),
    text((MARGIN.left + right) / 2, HEIGHT - 10, x, 'text-anchor="middle"'),
    text(MARGIN.left - 8, MARGIN.top - 8, y, 'text-anchor="end"'),
    ...lines.map((line, index) => drawLine(line, COLOURS[index % COLOURS.length] ?? '', toX, toY)),
    '</svg>',
    '',
  ].join('\n');
}

function drawLine({ name, points }: PlotLine, colour: string, toX: Scale, toY: Scale): string {
  const places = points.map(([x, y]) => `${round(toX(x))},${round(toY(y))}`);
  const marks = points.map(
    ([x, y]) => `<circle cx="${round(toX(x))}" cy="${round(toY(y))}" r="3.5" fill="${colour}"/>`,
  );
  const [x = 0, y = 1] = points.at(-1) ?? [];
  return [
    `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...marks,
    text(round(toX(x)) + 10, round(toY(y)) + 4, name, `fill="${colour}"`),
  ].join('\n');
}

/** The powers of ten that hold all values between them. */
function powersAround(values: readonly number[]): readonly number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
}

function logarithmic(ticks: readonly number[], start: number, end: number): Scale {
  const from = Math.log10(ticks[0] ?? 1);
  const to = Math.log10(ticks.at(-1) ?? 10);
  return (value) => start + ((Math.log10(value) - from) / (to - from)) * (end - start);
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#ddd"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${content}</text>`;
}

/** `1000000` as `1M`. */
function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
