import { monitorEventLoopDelay } from 'node:perf_hooks';
import { IMPLEMENTATIONS, type Implementation } from './servers.js';

/** One implementation in a process of its own, so that its memory and its stalls are its own. */

export interface Ready {
  readonly url: string;
}

export interface Report {
  /** Longest time that the event loop stood still since the last message `reset`. */
  readonly stallMs: number;
  /** Most memory that the process ever held, above what it held before it had any data. */
  readonly peakMemoryMb: number;
}

const MB = 1024 * 1024;
const [implementation, packs, accounts] = process.argv.slice(2);

const idle = process.memoryUsage.rss();
const url = await IMPLEMENTATIONS[implementation as Implementation]({
  packs: Number(packs),
  accounts: Number(accounts),
});
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('message', (message) => {
  if (message === 'reset') {
    delay.reset();
    process.send?.({});
  } else {
    const report: Report = {
      stallMs: delay.max / 1e6,
      peakMemoryMb: (process.resourceUsage().maxRSS * 1024 - idle) / MB,
    };
    process.send?.(report);
  }
});
const ready: Ready = { url };
process.send?.(ready);
