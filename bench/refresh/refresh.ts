import { benchmark, type Table } from '../benchmark.js';
import { figure } from '../statistics.js';
import { measureFloors, type FloorMeasurement } from './floors.js';
import {
  measureThrottling,
  type ThrottledRefresh,
  type ThrottlingMeasurement,
} from './throttling.js';

interface Refreshes {
  readonly floors: readonly FloorMeasurement[];
  readonly throttling: readonly ThrottlingMeasurement[];
}

/** How close a refresh comes to the least time that its calls can take. */
export const refresh = benchmark<Refreshes>({
  summary: 'a refresh beside its floor, and under a limit of the server that nobody knows',
  measure: async (tell) => {
    const throttling = await measureThrottling(tell);
    return { floors: await measureFloors(tell), throttling };
  },
  present: ({ floors, throttling }) => ({
    title: 'A refresh',
    text: `Calls that take so long, so many at a time and so many a second can be made no faster than the
larger of two times: calls × latency ÷ calls in flight, and calls ÷ rate. The first table holds refreshes
against that floor.

In the second, the server refuses what is more than it takes. ${conditions(throttling)} Two refreshes
follow each other: one to find the rate, and one that knows it. The floor is what the calls take at the rate of
the server. _SDK standard_ starts calls evenly at the configured rate and leaves the rest to the retries of the
AWS SDK, with as many attempts as the exporter makes; _SDK adaptive_ turns on its adaptive mode as well. What
was found decided [how the exporter finds the rate](decisions/0001-finding-the-rate.md).`,
    tables: [floorTable(floors), throttlingTable(throttling)],
    plots: [],
  }),
});

function floorTable(floors: readonly FloorMeasurement[]): Table {
  return {
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
  };
}

function conditions([first]: readonly ThrottlingMeasurement[]): string {
  if (first === undefined) return '';
  const { burst, concurrency, latencyMs } = first;
  return `It holds ${burst} requests in a token bucket and answers within ${latencyMs} ms; there are ${concurrency} calls in flight.`;
}

function throttlingTable(throttling: readonly ThrottlingMeasurement[]): Table {
  const of = ({ floorMs, packsRead, refused, wallMs }: ThrottledRefresh, packs: number) => [
    figure(wallMs / floorMs, 2),
    `${figure(100 * refused, 1)} %`,
    `${packs - packsRead} of ${packs}`,
  ];
  return {
    head: [
      'Server takes',
      'Configured',
      'Strategy',
      'First ÷ floor',
      'Refused',
      'Packs lost',
      'Second ÷ floor',
      'Refused',
      'Packs lost',
    ],
    rows: throttling.map(({ first, packs, perSecond, second, serverPerSecond, strategy }) => [
      `${serverPerSecond}/s`,
      `${perSecond}/s`,
      strategy,
      ...of(first, packs),
      ...of(second, packs),
    ]),
  };
}

function seconds(ms: number): string {
  return `${figure(ms / 1000, 2)} s`;
}
