import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded into a process before its own code, to tell what it costs whoever started it. */

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('message', (question) => {
  if (question === 'reset') delay.reset();
  process.send({ stallMs: delay.max / 1e6, peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6 });
});
// Whoever started it may have been ended.
process.on('disconnect', () => process.exit());
// Listening keeps no process alive.
process.channel.unref();
