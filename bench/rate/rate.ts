import { benchmark } from '../benchmark.js';
import { figure } from '../statistics.js';
import {
  measureThrottling,
  type ThrottledRefresh,
  type ThrottlingMeasurement,
} from './throttling.js';

/** What comes of a rate that the server does not take, and that nobody knows. */
export const rate = benchmark<readonly ThrottlingMeasurement[]>({
  summary: 'refreshes under a limit of the server that nobody knows, beside the retries of the SDK',
  measure: measureThrottling,
  present: (measured) => ({
    title: 'Finding the rate',
    text: `The server throttles requests above its rate. ${conditions(measured)} There are two refreshes in
a row: one to find the rate, and one that knows it. The floor is the time that the calls take at the rate of
the server. _SDK standard_ starts calls evenly at the configured rate and leaves the rest to the retries of the
AWS SDK, with as many attempts as the exporter makes; _SDK adaptive_ turns on its adaptive mode as well. The
results decided [how the exporter finds the rate](decisions/0001-finding-the-rate.md).`,
    tables: [
      {
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
        rows: measured.map(({ first, packs, perSecond, second, serverPerSecond, strategy }) => [
          `${serverPerSecond}/s`,
          `${perSecond}/s`,
          strategy,
          ...cellsOf(first, packs),
          ...cellsOf(second, packs),
        ]),
      },
    ],
    plots: [],
  }),
});

function conditions([first]: readonly ThrottlingMeasurement[]): string {
  if (first === undefined) return '';
  const { burst, concurrency, latencyMs } = first;
  return `It holds ${burst} requests in a token bucket and responds within ${latencyMs} ms; ${concurrency} calls are in flight.`;
}

function cellsOf({ floorMs, packsRead, refused, wallMs }: ThrottledRefresh, packs: number) {
  return [
    // Where no pack could be read, there is nothing to hold the time against.
    packsRead === 0 ? '' : figure(wallMs / floorMs, 2),
    `${figure(100 * refused, 1)} %`,
    `${packs - packsRead} of ${packs}`,
  ];
}
