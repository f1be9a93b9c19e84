import type { Registry } from 'prom-client';
import type { Clock } from '../clock.js';
import type { Format } from './format.js';
import { deflateFirstPart, gzipMember, type Deflated } from './gzip.js';
import { registryText } from './registry-text.js';
import { renderLive, renderStatic } from './render.js';
import type { View, Views } from './view.js';

export type Encoding = 'identity' | 'gzip';

/**
 * Everything that a scrape is answered with, as of this moment, in chunks. A chunk may be read until
 * the next but one is asked for.
 */
export type Exposition = (format: Format, encoding: Encoding) => AsyncGenerator<Buffer>;

export interface ExpositionOptions {
  readonly views: Views;
  /** The metrics about the exporter itself. */
  readonly registry: Registry;
  readonly clock: Clock;
}

export interface PreparedExposition {
  readonly expose: Exposition;
  /** Does beforehand what the next scrape would have to wait for, in the formats asked for lately. */
  readonly prepare: () => Promise<void>;
}

/** A format that nobody has asked for so long is not prepared: longer than anybody waits between scrapes. */
const FORGET_AFTER_MS = 3_600_000;

const OPENMETRICS_END = '# EOF\n';

export function createExposition(options: ExpositionOptions): PreparedExposition {
  const { clock, registry, views } = options;
  const deflated = new DeflatedViews();
  /** When each format was last asked for, compressed. */
  const askedAt = new Map<Format, number>();

  /** What is new at each scrape: ages, and the metrics about the exporter itself. */
  async function* rest(view: View, format: Format, now: number): AsyncGenerator<Buffer> {
    yield* renderLive(view, { format, now });
    const end = format === 'openmetrics' ? OPENMETRICS_END : '';
    yield Buffer.from((await registryText(registry, format)) + end);
  }

  return {
    async *expose(format, encoding) {
      const now = clock();
      const view = await views.at(now);
      if (encoding === 'identity') {
        yield* renderStatic(view, format);
        yield* rest(view, format, now);
      } else {
        askedAt.set(format, now);
        yield* gzipMember(await deflated.of(view, format), rest(view, format, now));
      }
    },
    async prepare() {
      const now = clock();
      const view = await views.at(now);
      const lately = [...askedAt].filter(([, at]) => now - at <= FORGET_AFTER_MS);
      await Promise.all(lately.map(([format]) => deflated.of(view, format)));
    },
  };
}

/** The part of a view that stays as it is, deflated once, when it is first asked for. */
class DeflatedViews {
  readonly #parts = new WeakMap<View, Map<Format, Promise<Deflated>>>();

  of(view: View, format: Format): Promise<Deflated> {
    const parts = this.#parts.get(view) ?? new Map<Format, Promise<Deflated>>();
    this.#parts.set(view, parts);
    const known = parts.get(format);
    if (known) return known;
    const part = deflateFirstPart(renderStatic(view, format));
    parts.set(format, part);
    // What failed once must not fail every scrape until the next snapshot.
    part.catch(() => parts.delete(format));
    return part;
  }
}
