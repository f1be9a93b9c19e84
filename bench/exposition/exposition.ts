import { benchmark, type Table } from '../benchmark.js';
import type { Plot } from '../plot.js';
import { figure } from '../statistics.js';
import {
  measureExposition,
  type ExpositionMeasurement,
  type ExpositionSize,
  type Implementation,
  type Scrapes,
} from './measure.js';

type Expositions = readonly ExpositionMeasurement[];

const SIZES: readonly ExpositionSize[] = [
  { packs: 1, accounts: 1_000, interval: '10s' },
  { packs: 10, accounts: 1_000, interval: '10s' },
  { packs: 50, accounts: 1_000, interval: '15s' },
  { packs: 50, accounts: 4_000, interval: '45s' },
  { packs: 50, accounts: 10_000, interval: '1m30s' },
];

const TITLES: Readonly<Record<Implementation, string>> = {
  exporter: 'exporter',
  'prom-client': 'prom-client gauges',
  buffer: 'finished bytes',
};

/** What a scrape costs, and what it costs to have something to scrape. */
export const exposition = benchmark<Expositions>({
  summary: 'scrapes of the built program, beside prom-client and beside finished bytes',
  async measure(tell) {
    const measured: ExpositionMeasurement[] = [];
    for (const size of SIZES) {
      const measurement = await measureExposition(size);
      const { plainMs, gzipMs } = measurement.scrapes.exporter;
      const times = `${figure(plainMs, 1)} ms plain, ${figure(gzipMs, 1)} ms compressed`;
      tell(`${figure(measurement.samples)} samples: ${times}`);
      measured.push(measurement);
    }
    return measured;
  },
  present: (measured) => ({
    title: 'Scrapes',
    text: `The built program reads packs, descriptions and accounts of the organization from a simulated AWS in
another process, with \`--accounts.series=active\`; in one account in a hundred a pack has failed. The baselines
are prom-client gauges with the same samples, and a server that sends the same bytes precomputed, plain and
compressed: one after the other, each in a process of its own. Times are medians, from the request to the last
byte. The stall is the longest time that the event loop was blocked, and memory is the peak of the whole
process, which for the exporter includes its refreshes. The last column is for a whole refresh while it is
scraped, plain and compressed, every five seconds.`,
    tables: [timeTable(measured), ratioTable(measured)],
    plots: [
      plotOf('scrape-plain', 'Plain scrape', 'milliseconds', measured, ({ plainMs }) => plainMs),
      plotOf('scrape-gzip', 'Compressed scrape', 'milliseconds', measured, ({ gzipMs }) => gzipMs),
      plotOf('scrape-memory', 'Peak memory', 'megabytes', measured, ({ peakMb }) => peakMb),
    ],
  }),
});

const implementations = Object.keys(TITLES) as Implementation[];

function timeTable(measured: Expositions): Table {
  return {
    head: [
      'Pairs',
      'Samples',
      'Text',
      'Served by',
      'Plain',
      'Compressed',
      'Longest stall',
      'Peak memory',
      'Stall in a refresh',
    ],
    rows: measured.flatMap(({ accounts, bytes, packs, refresh, samples, scrapes }) =>
      implementations.map((implementation) => {
        const { gzipMs, peakMb, plainMs, stallMs } = scrapes[implementation];
        const ours = implementation === 'exporter';
        return [
          figure(packs * accounts),
          figure(samples),
          `${figure(bytes / 1e6, 1)} MB`,
          TITLES[implementation],
          `${figure(plainMs, 1)} ms`,
          `${figure(gzipMs, 1)} ms`,
          `${figure(stallMs, 1)} ms`,
          `${figure(ours ? refresh.peakMb : peakMb)} MB`,
          ours ? `${figure(refresh.stallMs, 1)} ms` : '',
        ];
      }),
    ),
  };
}

function ratioTable(measured: Expositions): Table {
  return {
    head: [
      'Pairs',
      'prom-client ÷ exporter, plain',
      'compressed',
      'exporter ÷ finished bytes, plain',
    ],
    rows: measured.map(({ accounts, packs, scrapes }) => [
      figure(packs * accounts),
      `${figure(scrapes['prom-client'].plainMs / scrapes.exporter.plainMs, 1)} ×`,
      `${figure(scrapes['prom-client'].gzipMs / scrapes.exporter.gzipMs, 1)} ×`,
      `${figure(scrapes.exporter.plainMs / scrapes.buffer.plainMs, 1)} ×`,
    ]),
  };
}

function plotOf(
  name: string,
  title: string,
  y: string,
  measured: Expositions,
  value: (scrapes: Scrapes) => number,
): Plot {
  return {
    name,
    title,
    x: 'samples',
    y,
    lines: implementations.map((implementation) => ({
      name: TITLES[implementation],
      points: measured.map(({ refresh, samples, scrapes }) => {
        const own = scrapes[implementation];
        // The exporter's own peak may come later, in the refresh.
        const peakMb = implementation === 'exporter' ? refresh.peakMb : own.peakMb;
        return [samples, value({ ...own, peakMb })] as const;
      }),
    })),
  };
}
