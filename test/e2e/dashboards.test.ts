import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { expect, it } from 'vitest';
import { DASHBOARDS } from '../../grafana/dashboards.js';
import { withConsole } from '../../grafana/links.js';
import {
  choose,
  interpolated,
  targetsIn,
  variablesOf,
  type Chosen,
  type Intervals,
  type Pick,
} from '../support/grafana.js';
import { Daemon } from '../support/program.js';
import { Prometheus, type Target } from '../support/prometheus.js';
import { describeWith } from '../support/servers.js';

const DASHBOARD_NAMES = Object.keys(DASHBOARDS) as (keyof typeof DASHBOARDS)[];

const RANGE = 600;
const INTERVALS: Intervals = { __interval: '5s', __rate_interval: '20s', __range: `${RANGE}s` };
/** In panels with a least step of five minutes. */
const LONG_INTERVALS: Intervals = { ...INTERVALS, __interval: '300s', __rate_interval: '301s' };

interface Watched {
  readonly prometheus: Prometheus;
  /** When it had scraped enough, in seconds since the epoch. Every query is about this time. */
  readonly at: number;
}

/** A Prometheus that has scraped a demo after some refreshes, and itself. */
async function watch(args: readonly string[]): Promise<Watched> {
  return watchTargets([{ url: await start(args) }]);
}

/** Starts a demo, and gives its URL once it listens. */
async function start(args: readonly string[], interval = '1s'): Promise<string> {
  const listening = '--web.listen-address=127.0.0.1:0';
  return new Daemon([...args, listening, `--refresh.interval=${interval}`]).url();
}

/** The same exporter under another name, as if it were one more. */
function replicaOf(url: string): string {
  return url.replace('127.0.0.1', 'localhost');
}

async function watchTargets(targets: readonly Target[], refreshes = 3): Promise<Watched> {
  const prometheus = await Prometheus.scraping(targets, { itself: true });
  await prometheus.queryUntilFound(
    `min(conformance_pack_exporter_refreshes_total) >= ${refreshes}
     and count(count_over_time(conformance_pack_exporter_build_info[1m]) >= 3) == ${targets.length}`,
  );
  return { prometheus, at: Date.now() / 1000 };
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** The present value, or those over the time that is shown. */
  readonly values: readonly number[];
}

type Answers = ReadonlyMap<string, readonly Series[]>;

/** What every query of a dashboard comes to, by panel and query. Fails where one fails. */
async function ask(
  { at, prometheus }: Watched,
  dashboard: Dashboard,
  chosen: Chosen,
): Promise<Answers> {
  const answers = new Map<string, readonly Series[]>();
  for (const { expr, instant, panel, place } of targetsIn(dashboard)) {
    const isLong = panel.interval !== undefined;
    const query = interpolated(expr, dashboard, chosen, isLong ? LONG_INTERVALS : INTERVALS);
    const answer = instant
      ? (await prometheus.query(query, at)).map(({ metric, value }) => ({
          metric,
          values: [value],
        }))
      : await prometheus.queryRange(query, { end: at, range: RANGE, step: isLong ? 300 : 5 });
    answers.set(place, answer);
  }
  return answers;
}

const all: Pick = ({ includeAll }, options) => (includeAll ? '$__all' : (options[0] ?? ''));
const first: Pick = (_, options) => options[0] ?? '';
const two: Pick = ({ multi }, options) => (multi ? options.slice(0, 2) : (options[0] ?? ''));

/** As `all`, with an account in which a pack has failed. */
async function allWithFailing({ prometheus }: Watched): Promise<Pick> {
  const failed = 'aws_config_org_conformance_pack_account_status{status=~".*_FAILED"} == 1';
  const [series] = await prometheus.queryUntilFound(failed);
  const id = series?.metric['account_id'] ?? '';
  return (variable, options) =>
    variable.name === 'account_id' && options.includes(id) ? id : all(variable, options);
}

async function askAll(watched: Watched, dashboard: Dashboard, pick = all): Promise<Answers> {
  const { chosen } = await choose(watched.prometheus, dashboard, INTERVALS, pick);
  return ask(watched, dashboard, chosen);
}

function emptyOnes(answers: Answers): readonly string[] {
  return [...answers].filter(([, series]) => series.length === 0).map(([place]) => place);
}

/** Which queries may come to nothing in the demo, by the beginning of their place, and why. */
const MAY_BE_EMPTY: Readonly<Record<string, string>> = {
  'Data age/B': 'nothing is stale',
  'Not here, though elsewhere/': 'AWS reports this account for every pack',
  'Failed calls/A': 'no call has failed',
};

/** Panels that name accounts, which need them to be told one by one. */
const NAMING_ACCOUNTS = [
  'Accounts failing/',
  'Failing accounts/',
  'History of failing accounts/',
  'Ages of the updates/',
  'Accounts in progress/',
  'Accounts that are missing/',
  'Failed here/',
  'In progress here/',
  'Missing here/',
  'Packs here/',
  'Packs here by Region/',
  'History/',
];

const NOT_HERE = 'Not here, though elsewhere/A';

function startsWithOneOf(beginnings: readonly string[]) {
  return (place: string) => beginnings.some((beginning) => place.startsWith(beginning));
}

/** The labels that a table makes columns of, or rows and columns. */
function columnsOf({ transformations = [] }: Panel): readonly string[] {
  return transformations.flatMap(({ options }) => {
    const { columnField, renameByName = {}, rowField } = options as Transformation;
    return [...Object.keys(renameByName), columnField ?? '', rowField ?? ''];
  });
}

interface Transformation {
  readonly renameByName?: Readonly<Record<string, string>>;
  readonly columnField?: string;
  readonly rowField?: string;
}

function valuesOf(answers: Answers, place: string): readonly number[] {
  return (answers.get(place) ?? []).flatMap(({ values }) => values);
}

describeWith('prometheus')('every query of the dashboards, asked of a real Prometheus', () => {
  it('has data where the demo has some, however the variables are chosen', async () => {
    const watched = await watch(['--demo', '--packs.expected=Security-Baseline']);
    const failing = await allWithFailing(watched);
    for (const name of DASHBOARD_NAMES) {
      const dashboard = DASHBOARDS[name];
      const { chosen, without } = await choose(watched.prometheus, dashboard, INTERVALS, failing);
      // No target says of which organization it tells.
      expect(without, name).toEqual(['organization']);
      expect(Object.keys(chosen)).toHaveLength(variablesOf(dashboard).length - 1);
      const answers = await ask(watched, dashboard, chosen);
      expect(answers.size).toBeGreaterThan(10);
      const mayBeEmpty = startsWithOneOf(Object.keys(MAY_BE_EMPTY));
      expect(emptyOnes(answers).filter((place) => !mayBeEmpty(place))).toEqual([]);
      for (const { format, panel, place } of targetsIn(dashboard)) {
        if (format !== 'table') continue;
        const labels = (answers.get(place) ?? []).flatMap(({ metric }) => Object.keys(metric));
        // A label that no column is made of would show up as one more column.
        const columns = columnsOf(panel);
        expect(labels.filter((label) => !columns.includes(label))).toEqual([]);
      }
      for (const pick of [first, two]) {
        expect((await askAll(watched, dashboard, pick)).size).toBe(answers.size);
      }
      for (const { expr = '' } of dashboard.annotations.list ?? []) {
        const query = interpolated(expr, dashboard, chosen, INTERVALS);
        expect(await watched.prometheus.query(query, watched.at)).toHaveLength(1);
      }
    }
  });

  it.each([
    ['active', 3],
    ['failed', 2],
    ['none', 1],
  ])('holds where account series are %s, and a panel says so', async (mode, code) => {
    const watched = await watch(['--demo', `--accounts.series=${mode}`]);
    const pick = mode === 'none' ? all : await allWithFailing(watched);
    const excused = startsWithOneOf([
      ...Object.keys(MAY_BE_EMPTY),
      'Expected, not there/',
      ...(mode === 'none' ? NAMING_ACCOUNTS : []),
    ]);
    for (const name of DASHBOARD_NAMES) {
      const answers = await askAll(watched, DASHBOARDS[name], pick);
      expect(emptyOnes(answers).filter((place) => !excused(place))).toEqual([]);
      expect(valuesOf(answers, 'Account series/A')).toEqual([code]);
      if (mode !== 'none') continue;
      const empty = emptyOnes(answers);
      const naming = [...answers.keys()].filter(startsWithOneOf(NAMING_ACCOUNTS));
      // A zero would be a lie; only that no account is failing at all can be known.
      expect(naming.filter((place) => !empty.includes(place))).toEqual([]);
    }
  });

  it('names accounts by their ids where the organization cannot be read', async () => {
    const watched = await watch(['--demo=organizations-denied']);
    const pick = await allWithFailing(watched);
    const answers = await askAll(watched, DASHBOARDS.pack, pick);
    const failing = answers.get('Failing accounts/A') ?? [];
    expect(failing.length).toBeGreaterThan(0);
    for (const { metric } of failing) {
      expect(metric['account_id']).toMatch(/^\d{12}$/);
      expect(metric).not.toHaveProperty('account_name');
    }
    // What is not known is not told as none.
    for (const place of ['Missing accounts/A', 'Excused/A']) {
      expect(answers.get(place), place).toEqual([]);
    }
    const here = await askAll(watched, DASHBOARDS.account, pick);
    expect(here.get('Missing here/A')).toEqual([]);
    expect(here.get('Packs here/A')?.length).toBeGreaterThan(0);
  });

  it('tells two deployers of one pack apart, and names each account once', async () => {
    const watched = await watch(['--demo=delegated-admin']);
    const answers = await askAll(watched, DASHBOARDS.fleet);
    const sources = (answers.get('Packs, worst first/A') ?? [])
      .filter(({ metric }) => metric['conformance_pack'] === 'Security-Baseline')
      .map(({ metric }) => metric['source']);
    expect(new Set(sources).size).toBe(2);
    expect((await askAll(watched, DASHBOARDS.account)).get('Account/A')).toHaveLength(1);
  });

  it('finds the accounts that are missing', async () => {
    const watched = await watch(['--demo=missing-account']);
    const [missing] = await watched.prometheus.queryUntilFound(
      'aws_config_org_conformance_pack_account_missing == 1',
    );
    const id = missing?.metric['account_id'] ?? '';
    const pick: Pick = (variable, options) =>
      variable.name === 'account_id' ? id : all(variable, options);
    const pack = await askAll(watched, DASHBOARDS.pack, pick);
    const rows = pack.get('Accounts that are missing/A') ?? [];
    expect(rows.map(({ metric }) => metric['account_id'])).toContain(id);
    const account = await askAll(watched, DASHBOARDS.account, pick);
    expect(valuesOf(account, 'Missing here/A')[0]).toBeGreaterThan(0);
    expect(new Set(valuesOf(account, 'Not here, though elsewhere/A'))).toEqual(new Set([6]));
    expect(Math.min(...valuesOf(account, 'Not here, though elsewhere/B'))).toBeGreaterThan(0);
  });

  it.each([
    ['eu-west-1', 'console.aws.amazon.com'],
    ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
    ['cn-north-1', 'console.amazonaws.cn'],
    ['moon-sea-1', undefined],
  ])('leads from %s to the console of its partition, if that is known', async (region, host) => {
    const prometheus = await Prometheus.scraping([]);
    const pack = `label_replace(vector(1), "aws_region", "${region}", "", "")`;
    const [series] = await prometheus.query(withConsole(pack));
    expect(series?.metric['console']).toBe(host);
  });

  it('says nothing of accounts that the limit cut', async () => {
    const cut = ['--accounts.series=active', '--samples.limit=1000'];
    const watched = await watch(['--demo=healthy', ...cut]);
    const ofAccount =
      (wanted: (options: readonly string[]) => string | undefined): Pick =>
      (variable, options) =>
        variable.name === 'account_id' ? (wanted(options) ?? '') : all(variable, options);
    const told = await askAll(
      watched,
      DASHBOARDS.account,
      ofAccount((ids) => ids.toSorted()[0]),
    );
    expect(told.get('Packs here/A')).toHaveLength(12);
    const untold = await askAll(
      watched,
      DASHBOARDS.account,
      ofAccount((ids) => ids.toSorted().at(-1)),
    );
    for (const place of ['Packs here/A', 'Packs here by Region/A', NOT_HERE, 'History/A']) {
      expect(untold.get(place), place).toEqual([]);
    }
    for (const answers of [told, untold]) {
      expect(valuesOf(answers, 'Account series/A')).toEqual([0]);
      // No account is failing anywhere, which is known all the same.
      expect(valuesOf(answers, 'Failed here/A')).toEqual([0]);
    }
  });

  it('counts no failing accounts where the limit cut some of them', async () => {
    const watched = await watch(['--demo=mass-failure', '--samples.limit=750']);
    const pack = await askAll(watched, DASHBOARDS.pack);
    const failing = valuesOf(pack, 'Failed in accounts/A')[0] ?? NaN;
    expect(pack.get('Failing accounts/A')?.length).toBeGreaterThan(0);
    expect(pack.get('Failing accounts/A')?.length).toBeLessThan(failing);
    const fleet = await askAll(watched, DASHBOARDS.fleet);
    expect(fleet.get('Accounts failing/A')).toEqual([]);
  });

  it('does not say that packs are not in an account where their accounts were not read', async () => {
    const watched = await watch(['--demo=access-denied', '--accounts.series=active']);
    const account = await askAll(watched, DASHBOARDS.account);
    expect(account.get('Account/A')).toHaveLength(1);
    for (const place of ['Packs here by Region/A', NOT_HERE]) {
      expect(account.get(place), place).toEqual([]);
    }
  });

  it('shows nothing that looks like health where nothing could be read', async () => {
    const watched = await watch(['--demo=not-in-organization']);
    const answers = await askAll(watched, DASHBOARDS.fleet);
    const told = [...answers].filter(([, series]) => series.length > 0);
    expect(Object.fromEntries(told.map(([place, [one]]) => [place, one?.values]))).toEqual({
      'Data age/B': [expect.any(Number)],
      'Regions not read/A': [2],
      'Account series/A': [expect.any(Number)],
      // The row of the Region as a whole: unknown.
      'Packs by Region/A': [4],
    });
    // Older than any exporter: the panel says that it has never been read.
    expect(valuesOf(answers, 'Data age/B')[0]).toBeGreaterThan(1e9);
  });

  it.each([
    ['has not read its accounts', ['access-denied'], [0]],
    ['has not listed its packs', ['not-in-organization'], []],
    ['is not there', [], []],
  ])('shows no health where of two shards one %s', async (_, others, inSomeRegionsOnly) => {
    const urls = [await start(['--demo=healthy', ...shardOfTwo(0)])];
    for (const other of others) urls.push(await start([`--demo=${other}`, ...shardOfTwo(1)]));
    const watched = await watchTargets(urls.map((url) => ({ url })));
    const fleet = await askAll(watched, DASHBOARDS.fleet);
    expect(valuesOf(fleet, 'Regions not read/A')).toEqual([2]);
    expect(regionsIn(fleet)).toEqual([4, 4]);
    expect(valuesOf(fleet, 'Not in every Region/A')).toEqual(inSomeRegionsOnly);
    const exporter = await askAll(watched, DASHBOARDS.exporter);
    expect(valuesOf(exporter, 'Regions not read/A')).toEqual([2]);
    if (others.length === 0) return;
    for (const answers of [fleet, exporter]) {
      expect(answers.get('Data age/A')).toEqual([]);
      expect(valuesOf(answers, 'Data age/B')[0]).toBeGreaterThan(1e9);
    }
  });

  it('shows health where both shards are well, though a replica of one is not', async () => {
    const urls = [
      await start(['--demo=healthy', ...shardOfTwo(0)]),
      await start(['--demo=access-denied', ...shardOfTwo(0)]),
      await start(['--demo=healthy', ...shardOfTwo(1)]),
    ];
    const watched = await watchTargets(urls.map((url) => ({ url })));
    const fleet = await askAll(watched, DASHBOARDS.fleet);
    expect(valuesOf(fleet, 'Regions not read/A')).toEqual([0]);
    expect(valuesOf(fleet, 'Data age/A')).toHaveLength(1);
    expect(valuesOf(fleet, 'Not in every Region/A')).toEqual([0]);
    const exporter = await askAll(watched, DASHBOARDS.exporter);
    expect(valuesOf(exporter, 'Regions not read/A')).toEqual([2]);
  });

  it('takes nothing for stale because a refresh takes longer than three intervals', async () => {
    // A refresh of a Region takes some eight requests, and so five seconds; its interval is one.
    const watched = await watch(['--demo=healthy', '--refresh.requests-per-second=1.6']);
    for (const name of ['fleet', 'pack'] as const) {
      const { chosen } = await choose(watched.prometheus, DASHBOARDS[name], INTERVALS, all);
      const inPlace = new Map(targetsIn(DASHBOARDS[name]).map(({ expr, place }) => [place, expr]));
      const overTime = async (place: string) => {
        const expr = interpolated(inPlace.get(place) ?? '', DASHBOARDS[name], chosen, INTERVALS);
        // Not as long as two refreshes take, so that one has been before it begins.
        const series = await watched.prometheus.queryRange(expr, {
          end: watched.at,
          range: 5,
          step: 1,
        });
        return series.flatMap(({ values }) => values);
      };
      expect(Math.max(...(await overTime('Data age/A')))).toBeGreaterThan(3);
      expect(await overTime('Data age/B')).toEqual([]);
    }
  });

  it('keeps two organizations apart whose sources have one name', async () => {
    const url = await start(['--demo', '--packs.expected=Nowhere'], '1h');
    const targets = [
      { url, labels: { organization: 'one' } },
      { url: replicaOf(url), labels: { organization: 'two' } },
    ];
    const watched = await watchTargets(targets, 1);
    const failing = await allWithFailing(watched);
    const oneOfBoth: Pick = (variable, options) =>
      variable.name === 'organization' ? (options[0] ?? '') : failing(variable, options);
    for (const name of ['fleet', 'pack', 'account'] as const) {
      const both = await askAll(watched, DASHBOARDS[name], failing);
      const one = await askAll(watched, DASHBOARDS[name], oneOfBoth);
      for (const { format, instant, panel, place } of targetsIn(DASHBOARDS[name])) {
        if (!instant) continue;
        const ofBoth = both.get(place) ?? [];
        const ofOne = one.get(place) ?? [];
        if (format === 'table' && columnsOf(panel).includes('organization')) {
          expect(ofBoth, place).toHaveLength(2 * ofOne.length);
          expect(sorted(ofBoth.filter(isOf('one'))), place).toEqual(sorted(ofOne));
        } else if (COUNTED.includes(panel.title ?? '')) {
          const value = (series: readonly Series[]) => series[0]?.values[0] ?? NaN;
          expect(value(ofOne), place).toBeGreaterThan(0);
          expect(value(ofBoth), place).toBe(2 * value(ofOne));
        }
      }
    }
    const exporter = await askAll(watched, DASHBOARDS.exporter);
    for (const place of ['Sources and Regions/A', 'Age of the data/A']) {
      const ofBoth = exporter.get(place) ?? [];
      const ofOne = ofBoth.filter(isOf('one'));
      expect(ofOne.length, place).toBeGreaterThan(0);
      expect(ofBoth.filter(isOf('two')), place).toHaveLength(ofOne.length);
    }
  });

  it('counts two exporters that read the same once, and other targets never', async () => {
    const url = await start(['--demo'], '1h');
    const watched = await watchTargets([{ url }, { url: replicaOf(url) }], 1);
    const failing = await allWithFailing(watched);
    const oneOfBoth: Pick = (variable, options) =>
      variable.name === 'instance' ? (options[0] ?? '') : failing(variable, options);
    for (const name of ['fleet', 'pack', 'account'] as const) {
      const both = await askAll(watched, DASHBOARDS[name], failing);
      const one = await askAll(watched, DASHBOARDS[name], oneOfBoth);
      for (const { instant, place } of targetsIn(DASHBOARDS[name])) {
        if (instant) expect(sorted(both.get(place)), place).toEqual(sorted(one.get(place)));
      }
    }
    const exporter = await askAll(watched, DASHBOARDS.exporter);
    for (const place of ['Up/A', 'Memory/A', 'CPU/A', 'Duration of scrapes/A']) {
      expect(exporter.get(place), place).toHaveLength(2);
    }
  });
});

function shardOfTwo(index: number): readonly string[] {
  return [`--shard.index=${index}`, '--shard.total=2'];
}

/** What the matrix says of each Region as a whole. */
function regionsIn(answers: Answers): readonly number[] {
  const whole = answers.get('Packs by Region/A') ?? [];
  return whole
    .filter(({ metric }) => metric['conformance_pack'] === 'All')
    .flatMap(({ values }) => values);
}

/** Panels that count what every organization has its own of. */
const COUNTED = [
  'Packs',
  'Failed',
  'In progress',
  'Expected, not there',
  'Failed in accounts',
  'Failed here',
];

function isOf(organization: string) {
  return ({ metric }: Series) => metric['organization'] === organization;
}

function sorted(series: readonly Series[] = []): readonly string[] {
  return series.map((each) => JSON.stringify(each)).sort();
}
