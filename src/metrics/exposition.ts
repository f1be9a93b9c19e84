import type { Registry } from 'prom-client';
import type { Clock } from '../clock.js';
import type { Format } from './format.js';
import { registryText } from './registry-text.js';
import { renderView } from './render.js';
import type { Views } from './view.js';

/**
 * Everything that a scrape is answered with, as of this moment, in chunks. A chunk may be read until
 * the next but one is asked for.
 */
export type Exposition = (format: Format) => AsyncGenerator<Buffer>;

export interface ExpositionOptions {
  readonly views: Views;
  /** The metrics about the exporter itself. */
  readonly registry: Registry;
  readonly clock: Clock;
}

const OPENMETRICS_END = '# EOF\n';

export function createExposition(options: ExpositionOptions): Exposition {
  const { clock, registry, views } = options;
  return async function* expose(format) {
    const now = clock();
    yield* renderView(views.at(now), { format, now });
    const end = format === 'openmetrics' ? OPENMETRICS_END : '';
    yield Buffer.from((await registryText(registry, format)) + end);
  };
}
