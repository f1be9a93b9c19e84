import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config/load.js';
import { OPTION_ROWS, type OptionName, type Options } from './config/options.js';

/** What a reading of the configuration comes to while the exporter runs. */
export interface Reload {
  /** What is to be in force from now on. */
  readonly config: Config;
  /** Whether that differs from what has been in force. */
  readonly changed: boolean;
  /** Options that were changed and take effect with a restart only. */
  readonly needRestart: readonly OptionName[];
}

/** Holds a configuration that was read against the one in force. */
export function planReload(current: Config, next: Config): Reload {
  const kept = OPTION_ROWS.filter(([, { needsRestart }]) => needsRestart).map(([name]) => name);
  const keptValues = Object.fromEntries(kept.map((name) => [name, current.options[name]]));
  const options = { ...next.options, ...(keptValues as Partial<Options>) };
  // The web configuration is swapped by itself, without a pause of the refreshes.
  const config = { ...next, options, shard: current.shard, web: current.web };
  return {
    config,
    changed: !isDeepStrictEqual(config, current),
    needRestart: kept.filter((name) => !isDeepStrictEqual(next.options[name], options[name])),
  };
}
