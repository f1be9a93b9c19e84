import type { AccountColumns } from '../conformance/account-columns.js';
import { outcomeOf, STATUSES, type Outcome } from '../conformance/status.js';
import type { PackView, ShownPack } from './pack-view.js';

/** The account-series modes, from the richest to the poorest. */
export const SERIES_MODES = ['full', 'active', 'failed', 'none'] as const;
export type SeriesMode = (typeof SERIES_MODES)[number];

/** How much is told of each account. */
export interface SeriesDetail {
  readonly mode: SeriesMode;
  /** Whether the age of the last update is told beside its time. */
  readonly ages: boolean;
}

/** The order in which accounts keep their series when the limit cuts: the first stay longest. */
const RANKS: readonly (readonly Outcome[])[] = [
  ['failed'],
  ['in_progress', 'unknown'],
  ['successful'],
];

/**
 * Where the limit cuts: accounts of a lower rank are shown, those of a higher one are not, and those
 * of this rank are shown in all packs if their id is lower than `beforeId`.
 */
export interface Cut {
  readonly rank: number;
  readonly beforeId: string;
}

export interface SeriesPlan {
  readonly detail: SeriesDetail;
  /** Absent where everything fits. */
  readonly cut: Cut | undefined;
  /** Account samples shown. */
  readonly samples: number;
}

/** Whether a mode shows the accounts with this outcome. */
function shows(mode: SeriesMode, outcome: Outcome): boolean {
  switch (mode) {
    case 'full':
    case 'active':
      return true;
    case 'failed':
      return outcome !== 'successful';
    case 'none':
      return false;
  }
}

/** Account samples of one pack for the accounts with one outcome. */
function samplesOf(
  { detail: packDetail }: PackView,
  outcome: Outcome,
  detail: SeriesDetail,
): number {
  if (packDetail === undefined || !shows(detail.mode, outcome)) return 0;
  const { accounts, dated, erroneous } = packDetail.summary.byOutcome[outcome];
  return accounts * statusSamples(outcome, detail) + dated * timeSamples(detail) + erroneous;
}

function statusSamples(outcome: Outcome, { mode }: SeriesDetail): number {
  // One-hot over the known statuses; an unknown one adds its own series.
  return mode === 'full' ? STATUSES.length + (outcome === 'unknown' ? 1 : 0) : 1;
}

function timeSamples({ ages }: SeriesDetail): number {
  return ages ? 2 : 1;
}

/** Plans the account series of all packs within a budget of samples. */
export function planSeries(
  packs: readonly PackView[],
  detail: SeriesDetail,
  budget: number,
): SeriesPlan {
  let samples = 0;
  for (const [rank, outcomes] of RANKS.entries()) {
    const ofRank = sum(packs, (pack) =>
      sum(outcomes, (outcome) => samplesOf(pack, outcome, detail)),
    );
    if (samples + ofRank > budget) {
      const { beforeId, fitting } = cutWithin(packs, outcomes, detail, budget - samples);
      return { detail, cut: { rank, beforeId }, samples: samples + fitting };
    }
    samples += ofRank;
  }
  return { detail, cut: undefined, samples };
}

/** Finds how many accounts of one rank fit into the budget, in the order of their ids. */
function cutWithin(
  packs: readonly PackView[],
  outcomes: readonly Outcome[],
  detail: SeriesDetail,
  budget: number,
): { beforeId: string; fitting: number } {
  const costs = new Map<string, number>();
  for (const pack of packs) {
    const columns = pack.detail?.accounts;
    if (columns === undefined) continue;
    const outcomeByStatus = columns.statuses.map(outcomeOf);
    for (let row = 0; row < columns.rows; row++) {
      const outcome = outcomeByStatus[columns.status[row] ?? 0] ?? 'unknown';
      if (!outcomes.includes(outcome) || !shows(detail.mode, outcome)) continue;
      const id = idAt(columns, row);
      costs.set(id, (costs.get(id) ?? 0) + rowSamples(columns, row, outcome, detail));
    }
  }
  let fitting = 0;
  for (const [id, cost] of [...costs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (fitting + cost > budget) return { beforeId: id, fitting };
    fitting += cost;
  }
  return { beforeId: '', fitting };
}

function rowSamples(
  columns: AccountColumns,
  row: number,
  outcome: Outcome,
  detail: SeriesDetail,
): number {
  const dated = Number.isNaN(columns.updatedAt[row] ?? NaN) ? 0 : timeSamples(detail);
  return statusSamples(outcome, detail) + dated + (columns.errorCode[row] === 0 ? 0 : 1);
}

/** The rows of one pack that are shown, and the samples that the limit cut from it. */
export function shownRows(
  { detail: packDetail }: PackView,
  plan: SeriesPlan,
): Pick<ShownPack, 'rows' | 'omitted'> {
  const { cut, detail } = plan;
  if (packDetail === undefined) return { rows: new Uint32Array(0), omitted: 0 };
  const columns = packDetail.accounts;
  const byStatus = columns.statuses.map((status) => {
    const outcome = outcomeOf(status);
    const rank = RANKS.findIndex((outcomes) => outcomes.includes(outcome));
    return { outcome, rank, shown: shows(detail.mode, outcome) };
  });
  const rows = new Uint32Array(columns.rows);
  let shown = 0;
  let omitted = 0;
  for (let row = 0; row < columns.rows; row++) {
    const of = byStatus[columns.status[row] ?? 0];
    if (!of?.shown) continue;
    const kept =
      cut === undefined ||
      of.rank < cut.rank ||
      (of.rank === cut.rank && idAt(columns, row) < cut.beforeId);
    if (kept) rows[shown++] = row;
    else omitted += rowSamples(columns, row, of.outcome, detail);
  }
  return { rows: rows.slice(0, shown), omitted };
}

function idAt(columns: AccountColumns, row: number): string {
  return columns.ids[columns.account[row] ?? 0] ?? '';
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
