/**
 * A strict reader of both exposition formats, written from their specifications and sharing nothing
 * with the renderer. Throws at the first thing that a lenient scraper would let pass.
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export type ParsedExposition = ReadonlyMap<string, Family>;

type Format = 'text' | 'openmetrics';

const SUFFIXES: Readonly<Record<Format, Readonly<Record<string, readonly string[]>>>> = {
  text: { gauge: [''], counter: [''], histogram: ['_bucket', '_sum', '_count'] },
  openmetrics: { gauge: [''], counter: ['_total'], histogram: ['_bucket', '_sum', '_count'] },
};

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{([^]*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"/y;
const VALUE = /^(NaN|[+-]Inf|-?\d+(\.\d+)?(e[+-]?\d+)?)$/;

export function parseExposition(text: string, format: Format = 'text'): ParsedExposition {
  const families = new Map<string, Family & { samples: Sample[] }>();
  const series = new Set<string>();
  let current: (Family & { samples: Sample[] }) | undefined;
  let help: { name: string; text: string } | undefined;
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('no # EOF at the end');
  lines.forEach((line, index) => {
    const fail = (why: string): never => {
      throw new Error(`line ${index + 1}: ${why}: ${line}`);
    };
    const comment = COMMENT.exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      if (kind === 'HELP') {
        if (help !== undefined) fail('two HELP lines in a row');
        help = { name, text: rest };
        return;
      }
      if (help?.name !== name) fail('TYPE without HELP');
      if (families.has(name)) fail('the family is in two places');
      if (!(rest in SUFFIXES[format])) fail('unknown type');
      if (format === 'openmetrics' && name.endsWith('_total')) fail('suffix in the family name');
      if (format === 'text' && (rest === 'counter') !== name.endsWith('_total')) {
        fail('_total is the suffix of counters, and of nothing else');
      }
      current = { name, type: rest, help: help?.text ?? '', samples: [] };
      families.set(name, current);
      help = undefined;
      return;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) return fail('neither a comment nor a sample');
    if (current === undefined || help !== undefined) return fail('a sample without TYPE');
    const [, name = '', labelText, valueText = ''] = sample;
    const suffix = name.slice(current.name.length);
    if (!name.startsWith(current.name) || !SUFFIXES[format][current.type]?.includes(suffix)) {
      fail(`not a sample of ${current.name}`);
    }
    if (!VALUE.test(valueText)) fail('not a value');
    const labels = labelText === undefined ? {} : parseLabels(labelText, fail);
    const identity = `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
    if (series.has(identity)) fail('the series is there twice');
    series.add(identity);
    current.samples.push({ name, labels, value: Number(valueText.replace('Inf', 'Infinity')) });
  });
  for (const family of families.values()) checkFamily(family, format);
  return families;
}

function parseLabels(text: string, fail: (why: string) => never): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const label = LABEL.exec(text);
    if (!label) return fail('broken labels');
    const [, name = '', value = ''] = label;
    if (name in labels) fail(`label ${name} twice`);
    labels[name] = value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
    if (LABEL.lastIndex === text.length) break;
    if (text[LABEL.lastIndex] !== ',') fail('no comma between labels');
    LABEL.lastIndex++;
    if (LABEL.lastIndex === text.length) fail('a comma behind the last label');
  }
  return labels;
}

function checkFamily({ name, samples, type }: Family, format: Format): void {
  if (samples.length === 0 && format === 'text') return;
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0))) {
    throw new Error(`${name}: a counter below 0`);
  }
  if (type !== 'histogram') return;
  const buckets = samples.filter((sample) => sample.name.endsWith('_bucket'));
  const operations = new Map<string, Sample[]>();
  for (const bucket of buckets) {
    const { le, ...rest } = bucket.labels;
    if (le === undefined) throw new Error(`${name}: a bucket without le`);
    if (format === 'openmetrics' && !/^(\+Inf|\d+\.\d+)$/.test(le)) {
      throw new Error(`${name}: le="${le}" is not canonical`);
    }
    const key = JSON.stringify(rest);
    operations.set(key, [...(operations.get(key) ?? []), bucket]);
  }
  for (const [key, ofOne] of operations) {
    const values = ofOne.map(({ value }) => value);
    if (values.some((value, i) => value < (values[i - 1] ?? 0))) {
      throw new Error(`${name}: buckets that fall`);
    }
    const count = samples.find(
      (sample) => sample.name.endsWith('_count') && JSON.stringify(sample.labels) === key,
    );
    if (ofOne.at(-1)?.labels['le'] !== '+Inf' || values.at(-1) !== count?.value) {
      throw new Error(`${name}: the last bucket is not the count`);
    }
  }
}

/** The samples of one family as a map from the values of some labels, joined by `/`. */
export function valuesBy(
  exposition: ParsedExposition,
  family: string,
  ...labels: readonly string[]
): Record<string, number> {
  return valuesWhere(exposition, family, {}, ...labels);
}

/** As {@link valuesBy}, of the samples that bear certain labels. */
export function valuesWhere(
  exposition: ParsedExposition,
  family: string,
  where: Readonly<Record<string, string>>,
  ...labels: readonly string[]
): Record<string, number> {
  const wanted = Object.entries(where);
  const samples = (exposition.get(family)?.samples ?? []).filter((sample) =>
    wanted.every(([name, value]) => sample.labels[name] === value),
  );
  return Object.fromEntries(
    samples.map((sample) => [
      labels.map((label) => sample.labels[label] ?? '').join('/'),
      sample.value,
    ]),
  );
}
