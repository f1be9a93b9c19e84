import type { AccountColumns } from '../conformance/account-columns.js';
import { outcomeOf, STATUSES, type Outcome } from '../conformance/status.js';
import type { PackView, ShownPack } from './pack-view.js';
import type { Sliced } from './slices.js';

/** The account-series modes, from the richest to the poorest. */
export const SERIES_MODES = ['full', 'active', 'failed', 'none'] as const;
export type SeriesMode = (typeof SERIES_MODES)[number];

/** How much is told of each account. */
export interface SeriesDetail {
  readonly mode: SeriesMode;
  /** Whether the age of the last update is told beside its time. */
  readonly ages: boolean;
}

/** What an account is to a pack: reported with some outcome, or missing. */
type Standing = Outcome | 'missing';

/** The order in which accounts keep their series when the limit cuts: the first stay longest. */
const RANKS: readonly (readonly Standing[])[] = [
  ['failed'],
  ['missing'],
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

/** Whether a mode shows the accounts of this standing. */
function shows(mode: SeriesMode, standing: Standing): boolean {
  switch (mode) {
    case 'full':
    case 'active':
      return true;
    case 'failed':
      return standing !== 'successful';
    case 'none':
      return false;
  }
}

/** Account samples of one pack for the accounts of one standing. */
function samplesOf(pack: PackView, standing: Standing, detail: SeriesDetail): number {
  if (!shows(detail.mode, standing)) return 0;
  if (standing === 'missing') return pack.coverage?.missing.length ?? 0;
  if (pack.detail === undefined) return 0;
  const { accounts, dated, erroneous } = pack.detail.summary.byOutcome[standing];
  return accounts * statusSamples(standing, detail) + dated * timeSamples(detail) + erroneous;
}

function statusSamples(outcome: Outcome, { mode }: SeriesDetail): number {
  // One-hot over the known statuses; an unknown one adds its own series.
  return mode === 'full' ? STATUSES.length + (outcome === 'unknown' ? 1 : 0) : 1;
}

function timeSamples({ ages }: SeriesDetail): number {
  return ages ? 2 : 1;
}

/** Account samples of all packs where nothing is cut. */
export function countSeries(packs: readonly PackView[], detail: SeriesDetail): number {
  return sum(RANKS, (standings) => countRank(packs, standings, detail));
}

function countRank(
  packs: readonly PackView[],
  standings: readonly Standing[],
  detail: SeriesDetail,
): number {
  return sum(packs, (pack) => sum(standings, (standing) => samplesOf(pack, standing, detail)));
}

/** Plans the account series of all packs within a budget of samples. */
export function* planSeries(
  packs: readonly PackView[],
  detail: SeriesDetail,
  budget: number,
): Sliced<SeriesPlan> {
  let samples = 0;
  for (const [rank, standings] of RANKS.entries()) {
    const ofRank = countRank(packs, standings, detail);
    if (samples + ofRank > budget) {
      const cut = yield* cutWithin(packs, standings, detail, budget - samples);
      return { detail, cut: { rank, beforeId: cut.beforeId }, samples: samples + cut.fitting };
    }
    samples += ofRank;
  }
  return { detail, cut: undefined, samples };
}

/** Finds how many accounts of one rank fit into the budget, in the order of their ids. */
function* cutWithin(
  packs: readonly PackView[],
  standings: readonly Standing[],
  detail: SeriesDetail,
  budget: number,
): Sliced<{ beforeId: string; fitting: number }> {
  const costs = new Map<string, number>();
  const add = (id: string, cost: number) => costs.set(id, (costs.get(id) ?? 0) + cost);
  for (const pack of packs) {
    if (standings.includes('missing')) {
      for (const id of pack.coverage?.missing ?? []) add(id, 1);
    }
    const columns = pack.detail?.accounts;
    if (columns === undefined) continue;
    const outcomeByStatus = columns.statuses.map(outcomeOf);
    for (let row = 0; row < columns.rows; row++) {
      const outcome = outcomeByStatus[columns.status[row] ?? 0] ?? 'unknown';
      if (!standings.includes(outcome) || !shows(detail.mode, outcome)) continue;
      add(idAt(columns, row), rowSamples(columns, row, outcome, detail));
    }
    yield;
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

/** The accounts of one pack that are shown, and the samples that the limit cut from it. */
export function shownAccounts(
  pack: PackView,
  plan: SeriesPlan,
): Pick<ShownPack, 'rows' | 'missing' | 'omitted'> {
  const reported = shownRows(pack, plan);
  const all = pack.coverage?.missing ?? [];
  const ids = shows(plan.detail.mode, 'missing') ? all : [];
  const shown = ids.filter((id) => isKept(plan.cut, MISSING_RANK, id)).length;
  return {
    rows: reported.rows,
    // Sorted by id, and the limit cuts by id: those that are kept come first.
    missing: Uint32Array.from({ length: shown }, (_, index) => index),
    omitted: reported.omitted + ids.length - shown,
  };
}

function rankOf(standing: Standing): number {
  return RANKS.findIndex((standings) => standings.includes(standing));
}

const MISSING_RANK = rankOf('missing');

function isKept(cut: Cut | undefined, rank: number, id: string): boolean {
  return cut === undefined || rank < cut.rank || (rank === cut.rank && id < cut.beforeId);
}

function shownRows(
  { detail: packDetail }: PackView,
  { cut, detail }: SeriesPlan,
): Pick<ShownPack, 'rows' | 'omitted'> {
  if (packDetail === undefined) return { rows: new Uint32Array(0), omitted: 0 };
  const columns = packDetail.accounts;
  const byStatus = columns.statuses.map((status) => {
    const outcome = outcomeOf(status);
    return { outcome, rank: rankOf(outcome), shown: shows(detail.mode, outcome) };
  });
  const rows = new Uint32Array(columns.rows);
  let shown = 0;
  let omitted = 0;
  for (let row = 0; row < columns.rows; row++) {
    const of = byStatus[columns.status[row] ?? 0];
    if (!of?.shown) continue;
    if (isKept(cut, of.rank, idAt(columns, row))) rows[shown++] = row;
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
