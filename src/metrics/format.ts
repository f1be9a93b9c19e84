/** The exposition formats served. */
export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Record<Format, string> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * The format for an `Accept` header: OpenMetrics only where the client ranks it above plain text,
 * as Prometheus does. Anything else gets the text format, since an answer in a format that was not
 * asked for is worth more to a person with a browser than none.
 */
export function negotiateFormat(accept: string | undefined): Format {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const quality = (matches: (range: MediaRange) => boolean) =>
    Math.max(0, ...ranges.filter(matches).map((range) => range.quality));
  const openMetrics = quality(
    ({ type, version }) =>
      type === 'application/openmetrics-text' && (version === undefined || version === '1.0.0'),
  );
  const text = quality(({ type }) => type === 'text/plain');
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'text';
}

interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

function parseRange(range: string): MediaRange {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const parameter = (name: string) =>
    parameters.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const quality = Number(parameter('q') ?? '1');
  return { type, version: parameter('version'), quality: Number.isNaN(quality) ? 0 : quality };
}
