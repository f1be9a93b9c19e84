import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig, type Config, type ConfigInput } from '../../../src/config/load.js';
import {
  environmentName,
  filePath,
  OPTION_ROWS,
  type OptionName,
} from '../../../src/config/options.js';
import type { Problem } from '../../../src/config/problem.js';

type Given = Partial<Record<OptionName, string | readonly string[]>>;

interface Input {
  readonly flags?: Given;
  readonly environment?: ConfigInput['environment'];
  readonly file?: string;
}

function load({ environment = {}, file, flags = {} }: Input) {
  const all: Given = file === undefined ? flags : { 'config.file': 'exporter.yaml', ...flags };
  const entries = Object.entries(all) as [OptionName, string | readonly string[]][];
  return loadConfig({
    flags: new Map(entries.map(([name, text]) => [name, [text].flat()])),
    environment,
    readFile: (path) => {
      if (path === 'exporter.yaml' && file !== undefined) return file;
      const message = `ENOENT: no such file or directory, open '${path}'`;
      throw Object.assign(new Error(message), { syscall: 'open' });
    },
  });
}

function configOf(input: Input): Config {
  const { config, problems } = load(input);
  expect(problems).toEqual([]);
  return config as Config;
}

function problemsOf(input: Input): string[] {
  return load(input).problems.map(({ message, path }: Problem) => `${path}: ${message}`);
}

describe('loadConfig', () => {
  it('has a default for everything that needs one', () => {
    const { options, sources } = configOf({});
    expect(options).toMatchObject({
      'web.listen-address': [{ port: 10117 }],
      'web.telemetry-path': '/metrics',
      'refresh.interval': 300_000,
      'refresh.concurrency': 4,
      'refresh.requests-per-second': 5,
      'refresh.max-staleness': 86_400_000,
      'refresh.sweep-every': 1,
      'refresh.page-size': 100,
      'accounts.series': 'auto',
      'samples.limit': 250_000,
      'packs.include': [],
    });
    expect(sources).toMatchObject([{ name: 'default', regions: [] }]);
  });

  it('lets flags beat the environment, which beats the file, which beats the defaults', () => {
    const file = 'refresh:\n  interval: 1m\n  concurrency: 1\n  page_size: 10\n';
    const environment = {
      CONFORMANCE_PACK_EXPORTER_REFRESH_INTERVAL: '2m',
      CONFORMANCE_PACK_EXPORTER_REFRESH_CONCURRENCY: '2',
    };
    const { options } = configOf({ file, environment, flags: { 'refresh.interval': '3m' } });
    expect(options['refresh.interval']).toBe(180_000);
    expect(options['refresh.concurrency']).toBe(2);
    expect(options['refresh.page-size']).toBe(10);
    expect(options['refresh.timeout']).toBe(1_800_000);
  });

  it('reads several values from repeated flags, commas in the environment and lists in the file', () => {
    const regions = ['eu-west-1', 'us-east-1'];
    const bySource = [
      { flags: { 'aws.region': regions } },
      { environment: { CONFORMANCE_PACK_EXPORTER_AWS_REGION: 'eu-west-1, us-east-1' } },
      { file: 'aws:\n  region:\n    - eu-west-1\n    - us-east-1\n' },
    ];
    for (const input of bySource) expect(configOf(input).sources[0]?.regions).toEqual(regions);
  });

  it('takes a configuration file that the environment names', () => {
    const environment = { CONFORMANCE_PACK_EXPORTER_CONFIG_FILE: 'exporter.yaml' };
    const { config } = loadConfig({
      flags: new Map(),
      environment,
      readFile: () => 'samples: {limit: 7}',
    });
    expect(config?.options['samples.limit']).toBe(7);
  });

  it('takes an alias for what its anchor says', () => {
    const file = `
packs:
  expected: &packs [Base, &other Other]
  include: *other
refresh: &times
  interval: &long 10m
  timeout: *long
`;
    const { options } = configOf({ file });
    expect(options['packs.include'].map(String)).toEqual(['/^(?:Other)$/u']);
    expect(options['packs.expected']).toEqual(['Base', 'Other']);
    expect(options['refresh.timeout']).toBe(600_000);
    const again = `packs:\n  expected: [a, &b b]\n  exclude: [*b, c]\n`;
    expect(configOf({ file: again }).options['packs.exclude'].map(String)).toEqual([
      '/^(?:b)$/u',
      '/^(?:c)$/u',
    ]);
  });

  it('reads sources from the file', () => {
    const file = `
packs:
  expected: [Base]
sources:
  - name: management
    regions: [eu-west-1]
  - name: security
    role_arn: arn:aws:iam::123456789012:role/reader
    external_id: some-secret
    profile: audit
    regions: [eu-west-1, us-east-1]
    expected_packs: []
`;
    expect(configOf({ file }).sources).toEqual([
      {
        name: 'management',
        profile: undefined,
        roleArn: undefined,
        externalId: undefined,
        regions: ['eu-west-1'],
        expectedPacks: ['Base'],
      },
      {
        name: 'security',
        profile: 'audit',
        roleArn: 'arn:aws:iam::123456789012:role/reader',
        externalId: 'some-secret',
        regions: ['eu-west-1', 'us-east-1'],
        expectedPacks: [],
      },
    ]);
  });

  it('reads the web configuration for those who serve, and tells its problems with the others', () => {
    const load = (serves: boolean, webFile: string) =>
      loadConfig({
        flags: new Map([['web.config.file', ['web.yml']]]),
        environment: { CONFORMANCE_PACK_EXPORTER_SAMPLES_LIMIT: webFile === '' ? '7' : 'many' },
        readFile: () => webFile,
        serves,
      });
    expect(load(true, '').config?.web).toMatchObject({ headers: {}, tls: undefined });
    expect(load(false, '').config?.web).toBeUndefined();
    const places = (serves: boolean) => load(serves, 'users: {}').problems.map(({ path }) => path);
    const limit = 'CONFORMANCE_PACK_EXPORTER_SAMPLES_LIMIT';
    expect(places(true)).toEqual([limit, 'web.yml:1:1 users']);
    expect(places(false)).toEqual([limit]);
  });

  it('takes an empty file for no options', () => {
    expect(configOf({ file: '' }).options).toEqual(configOf({ file: '# nothing\n' }).options);
  });

  it('finds every problem, wherever it is', () => {
    const problems = problemsOf({
      flags: { 'log.level': 'loud', 'refresh.interval': '5' },
      environment: {
        CONFORMANCE_PACK_EXPORTER_REFRESH_CONCURENCY: '4',
        CONFORMANCE_PACK_EXPORTER_SAMPLES_LIMIT: 'many',
      },
      file: 'web:\n  listen_address: nowhere\nrefesh:\n  interval: 1m\naccounts:\n  series: all\n',
    });
    expect(problems).toEqual([
      'CONFORMANCE_PACK_EXPORTER_REFRESH_CONCURENCY: unknown variable; did you mean CONFORMANCE_PACK_EXPORTER_REFRESH_CONCURRENCY?',
      'exporter.yaml:3:1 refesh: unknown key; did you mean refresh?',
      'exporter.yaml:2:19 web.listen_address: "nowhere" is not an address; write for example :10117, 127.0.0.1:10117 or [::1]:10117',
      '--log.level: "loud" is none of trace, debug, info, warn, error, fatal, silent',
      '--refresh.interval: "5" is not a duration; write for example 30s, 5m or 1h30m',
      'exporter.yaml:6:11 accounts.series: "all" is none of auto, full, active, failed, none',
      'CONFORMANCE_PACK_EXPORTER_SAMPLES_LIMIT: "many" is not a whole number',
    ]);
  });

  it.each<[string, Input, string]>([
    [
      'a value out of range',
      { flags: { 'refresh.page-size': '101' } },
      '--refresh.page-size: "101" is too large; the most is 100',
    ],
    [
      'a Region that is none',
      { flags: { 'aws.region': 'Ireland' } },
      '--aws.region: "Ireland" is not a Region; write for example eu-west-1',
    ],
    [
      'a flag given twice',
      { flags: { 'log.level': ['info', 'warn'] } },
      '--log.level: is given more than once',
    ],
    [
      'the same Region twice',
      { flags: { 'aws.region': ['eu-west-1', 'eu-west-1'] } },
      '--aws.region: source "default" reads eu-west-1 with the same profile and role already',
    ],
    [
      'an external id without a role',
      { flags: { 'aws.external-id': 'some' } },
      '--aws.external-id: is of no use without --aws.role-arn',
    ],
    [
      'an interval that is longer than alerts look back',
      { flags: { 'refresh.interval': '61m' } },
      '--refresh.interval: "61m" is too long; the most is 1h',
    ],
    [
      'an interval at which data is withdrawn before it is renewed',
      { flags: { 'refresh.max-staleness': '9m' } },
      '--refresh.max-staleness: is less than twice refresh.interval: data would be withdrawn before its renewal',
    ],
    [
      'sweeps so rare that data is withdrawn before it is renewed',
      { flags: { 'refresh.sweep-every': '145' } },
      'refresh.max-staleness: is less than twice refresh.interval × refresh.sweep-every: data would be withdrawn before its renewal',
    ],
    [
      'no sweep at all',
      { flags: { 'refresh.sweep-every': '0' } },
      '--refresh.sweep-every: "0" is too small; the least is 1',
    ],
    [
      'a shard that is none',
      { flags: { 'shard.index': '3', 'shard.total': '3' } },
      '--shard.index: is 3, and there is none above 2',
    ],
    [
      'a shard whose host name does not tell',
      { flags: { 'shard.index': 'auto' }, environment: { HOSTNAME: 'exporter' } },
      '--shard.index: is auto, and HOSTNAME, which is "exporter", does not end in a dash and a number',
    ],
    [
      'a role that is none',
      { flags: { 'aws.role-arn': 'reader' } },
      '--aws.role-arn: "reader" is not the ARN of a role; write for example arn:aws:iam::123456789012:role/reader',
    ],
    [
      'a broken pattern',
      { flags: { 'packs.include': '(' } },
      '--packs.include: "(" is not a regular expression',
    ],
    [
      'metrics where the landing page is',
      { flags: { 'web.telemetry-path': '/' } },
      '--web.telemetry-path: is taken by the pages at /; write for example /metrics',
    ],
    [
      'metrics where the API is',
      { file: 'web:\n  telemetry_path: /api/v1/status\n' },
      'exporter.yaml:2:19 web.telemetry_path: is taken by the pages at /api; write for example /metrics',
    ],
    [
      'an address that is given twice',
      { flags: { 'web.listen-address': [':10117', ':10117'] } },
      '--web.listen-address: ":10117" is given twice',
    ],
    [
      'an address that is one of all',
      { environment: { CONFORMANCE_PACK_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:80,:80' } },
      'CONFORMANCE_PACK_EXPORTER_WEB_LISTEN_ADDRESS: ":80" cannot be had beside "127.0.0.1:80", which takes the same port',
    ],
    [
      'an address that is none, beside others',
      { flags: { 'web.listen-address': [':1', 'nowhere', ':2'] } },
      '--web.listen-address: "nowhere" is not an address; write for example :10117, 127.0.0.1:10117 or [::1]:10117',
    ],
    [
      'a file that is not there',
      { flags: { 'config.file': 'no.yaml' } },
      '--config.file: cannot read no.yaml: ENOENT: no such file or directory',
    ],
    [
      'a file that is no YAML',
      { file: 'a: [1' },
      'exporter.yaml:1:6: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a file that is a list',
      { file: '- a\n' },
      'exporter.yaml:1:1: is not a map of keys; the file begins with one',
    ],
    [
      'a key without a value',
      { file: 'samples:\n  limit:\n' },
      'exporter.yaml:2:9 samples.limit: has no value, or one that is a map',
    ],
    [
      'a key twice',
      { file: 'samples: {}\nsamples: {}\n' },
      'exporter.yaml:2:1: not valid YAML: Map keys must be unique',
    ],
    [
      'the file within itself',
      { file: 'config:\n  file: other.yaml\n' },
      'exporter.yaml:1:1 config: unknown key',
    ],
    [
      'sources below another key',
      { file: 'aws:\n  sources: []\n' },
      'exporter.yaml:2:3 aws.sources: unknown key; sources stands at the top of the file',
    ],
    [
      'sources that stand nowhere',
      { file: 'sources: *others\n' },
      'exporter.yaml:1:10 sources: not valid YAML: Unresolved alias (the anchor must be set before the alias): others',
    ],
    [
      'a key of a source that is unknown',
      {
        file: 'sources:\n  - name: a\n    regions: [eu-west-1]\n    rol_arn:\n      arn:aws:iam::123456789012:role/reader\n',
      },
      'exporter.yaml:4:5 sources.0.rol_arn: unknown key; did you mean role_arn?',
    ],
    [
      'a source that is named like nothing',
      { file: 'sources:\n  - name: my source\n    regions: [eu-west-1]\n' },
      'exporter.yaml:2:11 sources.0.name: "my source" is no name; it has up to 64 letters, digits and any of _ . -',
    ],
    [
      'a source without a name',
      { file: 'sources:\n  - regions: [eu-west-1]\n' },
      'exporter.yaml:2:5 sources.0.name: is missing',
    ],
    [
      'a number where a text belongs',
      { file: 'sources:\n  - {name: a, external_id: 12345, regions: [eu-west-1]}\n' },
      'exporter.yaml:2:28 sources.0.external_id: 12345 is not a text; put it in quotes',
    ],
    [
      'one Region where a list belongs',
      { file: 'sources:\n  - name: a\n    regions: eu-west-1\n' },
      'exporter.yaml:3:14 sources.0.regions: "eu-west-1" is not a list',
    ],
    [
      'an empty profile',
      { file: 'sources:\n  - {name: a, profile: "", regions: [eu-west-1]}\n' },
      'exporter.yaml:2:24 sources.0.profile: is empty',
    ],
    [
      'an option that stands nowhere',
      { file: 'refresh:\n  interval: *often\n' },
      'exporter.yaml:2:13 refresh.interval: is an alias of nothing; its anchor has to stand before it',
    ],
    [
      'no sources',
      { file: 'sources: []\n' },
      'exporter.yaml:1:10 sources: is empty; leave it out to read one source',
    ],
    [
      'a source without Regions',
      { file: 'sources:\n  - name: a\n    regions: []\n' },
      'exporter.yaml:3:14 sources.0.regions: names no Region',
    ],
    [
      'sources beside flags of one',
      {
        file: 'sources:\n  - name: a\n    regions: [eu-west-1]\n',
        flags: { 'aws.region': 'eu-west-1' },
      },
      '--aws.region: cannot be given together with sources; give it to each source instead',
    ],
    [
      'the same source twice',
      {
        file: 'sources:\n  - {name: a, regions: [eu-west-1]}\n  - {name: b, regions: [us-east-1, eu-west-1]}\n',
      },
      'exporter.yaml:3:36 sources.1.regions.1: source "a" reads eu-west-1 with the same profile and role already',
    ],
    [
      'a name twice',
      {
        file: 'sources:\n  - {name: a, regions: [eu-west-1]}\n  - {name: a, regions: [us-east-1]}\n',
      },
      'exporter.yaml:3:12 sources.1.name: another source is named "a" already',
    ],
  ])('refuses %s', (_, input, problem) => {
    expect(problemsOf(input)).toEqual([problem]);
  });

  it('never repeats an external id in a message', () => {
    const secret = 'has a space';
    const [problem] = problemsOf({
      flags: { 'aws.role-arn': 'arn:aws:iam::123456789012:role/r', 'aws.external-id': secret },
    });
    expect(problem).toContain('is not an external id');
    expect(problem).not.toContain(secret);
  });

  it('matches patterns against whole names', () => {
    const { options } = configOf({ flags: { 'packs.include': 'Base|Extra' } });
    const [pattern] = options['packs.include'];
    expect(['Base', 'Extra', 'Baseline', 'TheExtra'].map((name) => pattern?.test(name))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (file) => {
        const { config, problems } = load({ file });
        expect(config === undefined).toBe(problems.length > 0);
      }),
    );
  });
});

describe('the table of options', () => {
  it.each(OPTION_ROWS.map(([name, option]) => ({ name, option })))(
    '$name says what it is for, and its default is right',
    ({ name, option }) => {
      expect(option.help).toMatch(/^[A-Z].*\.$/);
      expect(name).toMatch(/^[a-z]+(\.[a-z]+)+(-[a-z]+)*$/);
      if (option.default !== undefined) {
        expect(option.kind.schema.safeParse(option.default).success).toBe(true);
      }
    },
  );

  it('gives each option a variable and a key of its own', () => {
    const names = OPTION_ROWS.map(([name]) => name);
    expect(new Set(names.map(environmentName)).size).toBe(names.length);
    expect(new Set(names.map((name) => filePath(name).join('.'))).size).toBe(names.length);
    expect(environmentName('refresh.page-size')).toBe(
      'CONFORMANCE_PACK_EXPORTER_REFRESH_PAGE_SIZE',
    );
    expect(filePath('refresh.page-size')).toEqual(['refresh', 'page_size']);
  });
});
