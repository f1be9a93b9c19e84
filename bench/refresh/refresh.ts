import { benchmark } from '../benchmark.js';
import { figure } from '../statistics.js';
import { measureFloors, type FloorMeasurement } from './floors.js';

/** How close a refresh comes to the least time that its calls can take. */
export const refresh = benchmark<readonly FloorMeasurement[]>({
  summary: 'a refresh of 100, 1,000 and 10,000 calls, beside the least time that these can take',
  measure: measureFloors,
  present: (floors) => ({
    title: 'A refresh',
    text: `For a given latency, concurrency and rate, calls cannot take less than the larger of two times:
calls × latency ÷ calls in flight, and calls ÷ rate. Refreshes are compared with that floor.`,
    tables: [
      {
        head: ['Calls', 'Latency', 'In flight', 'Rate', 'Floor', 'Refresh', 'Refresh ÷ floor'],
        rows: floors.map(({ calls, concurrency, floorMs, latencyMs, perSecond, wallMs }) => [
          figure(calls),
          `${latencyMs} ms`,
          String(concurrency),
          `${figure(perSecond)}/s`,
          seconds(floorMs),
          seconds(wallMs),
          figure(wallMs / floorMs, 2),
        ]),
      },
    ],
    plots: [],
  }),
});

function seconds(ms: number): string {
  return `${figure(ms / 1000, 2)} s`;
}
