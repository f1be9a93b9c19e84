import type { Benchmark } from './benchmark.js';
import { build } from './build/build.js';
import { exposition } from './exposition/exposition.js';
import { rate } from './rate/rate.js';
import { refresh } from './refresh/refresh.js';
import { soak } from './soak/soak.js';
import { state } from './state/state.js';

/** Every benchmark, in the order of the page about performance. To add one, add a row. */
export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  exposition,
  build,
  refresh,
  rate,
  state,
  soak,
};
