import { LOG_FORMATS, LOG_LEVELS } from '../log.js';
import { IN_A_SECTION } from '../paths.js';
import {
  address,
  choice,
  decimal,
  duration,
  integer,
  ordinal,
  secret,
  text,
  toggle,
  wholeMatch,
} from './kinds.js';
import {
  FOR_REPEATING,
  NEEDS_RESTART,
  one,
  oneOr,
  rowsOf,
  several,
  severalOr,
  type Option,
  type Purpose,
  type ValuesOf,
} from './option.js';
import { EXTERNAL_ID, PACK_NAME, REGION, ROLE_ARN } from './patterns.js';

const anyPath = text('path', /^[^\0]+$/, 'a path');
const urlPath = text(
  'path',
  /^\/[\w./~-]*$/,
  'a path; it begins with / and holds letters, digits and any of . _ ~ - /',
);
const url = (example: string) => text('url', /^https?:\/\/[^\s?#]+$/, `a URL such as ${example}`);

/**
 * Every option, by name. To add one, add a row: flag, environment variable, key in the file and help
 * follow from it.
 */
export const OPTIONS = {
  'config.file': one(anyPath, 'YAML file with further options.', {
    notInFile: true,
    ...NEEDS_RESTART,
  }),

  'web.listen-address': severalOr(
    address,
    ':10117',
    'Address to listen on. Repeatable.',
    NEEDS_RESTART,
  ),
  'web.config.file': one(
    anyPath,
    'YAML file with TLS, users, headers and a rate limit, in the format of exporter-toolkit; read again whenever it changes.',
    NEEDS_RESTART,
  ),
  'web.health-without-auth': oneOr(
    toggle,
    'false',
    'Answer /-/healthy and /-/ready without user and password.',
    NEEDS_RESTART,
  ),
  'web.telemetry-path': oneOr(
    { ...urlPath, json: { ...urlPath.json, not: { pattern: IN_A_SECTION } } },
    '/metrics',
    'Path of the metrics; none of the pages or of the API.',
    NEEDS_RESTART,
  ),
  'web.route-prefix': one(
    urlPath,
    'Prefix of all routes; without it the path of web.external-url.',
    NEEDS_RESTART,
  ),
  'web.external-url': one(
    url('https://example.com/exporter'),
    'URL under which a browser reaches the exporter, for the links that it shows.',
    NEEDS_RESTART,
  ),
  'web.runbooks-url': one(
    url('https://example.com/runbooks'),
    'URL under which the runbooks are published, for the link that the status page shows.',
    NEEDS_RESTART,
  ),
  'web.max-requests': oneOr(
    integer({ min: 0 }),
    '40',
    'Scrapes answered at a time, and as many requests of pages and JSON; 0 for no limit.',
    NEEDS_RESTART,
  ),
  'web.disable-exporter-metrics': oneOr(
    toggle,
    'false',
    'Leave out the metrics of the process and of Node.js.',
    NEEDS_RESTART,
  ),

  'log.level': oneOr(choice(LOG_LEVELS), 'info', 'Least severity that is logged.'),
  'log.format': oneOr(choice(LOG_FORMATS), 'json', 'Format of the log.', NEEDS_RESTART),

  'aws.region': several(
    text('region', REGION, 'a Region; write for example eu-west-1'),
    'Region to read. Repeatable; without it the Region that the AWS SDK finds in its environment.',
  ),
  'aws.role-arn': one(
    text(
      'arn',
      ROLE_ARN,
      'the ARN of a role; write for example arn:aws:iam::123456789012:role/reader',
    ),
    'Role to assume.',
  ),
  'aws.external-id': one(
    secret(
      'id',
      EXTERNAL_ID,
      'an external id; it has 2 to 1224 characters, letters, digits and any of _ + = , . @ : / -',
    ),
    'External id that the role demands.',
  ),

  'refresh.interval': oneOr(
    // Alerts look back two hours, which have to hold a refresh.
    duration({ min: 1_000, max: 3_600_000 }),
    '5m',
    'Time from the start of one refresh to the start of the next; an hour at most.',
    FOR_REPEATING,
  ),
  'refresh.timeout': oneOr(
    duration({ min: 1_000 }),
    '30m',
    'Deadline over a whole refresh of a scope; what has been read until then is kept.',
  ),
  'refresh.concurrency': oneOr(
    integer({ min: 1, max: 100 }),
    '4',
    'Calls of AWS in flight, for each scope.',
  ),
  'refresh.requests-per-second': oneOr(
    decimal({ min: 0.01, max: 10_000 }),
    '5',
    'Most calls of AWS a second, for each scope; fewer where AWS throttles.',
  ),
  'refresh.max-staleness': oneOr(
    duration({ min: 1_000, orZero: true }),
    '24h',
    'Age at which data that could not be renewed is withdrawn; 0 for never.',
    FOR_REPEATING,
  ),
  'refresh.sweep-every': oneOr(
    integer({ min: 1, max: 1_000 }),
    '1',
    'Read the accounts of packs that are complete, or deleted, at every so many refreshes only; other packs are read each time.',
    FOR_REPEATING,
  ),
  'refresh.page-size': oneOr(
    integer({ min: 1, max: 100 }),
    '100',
    'Items asked for with each call of AWS.',
  ),

  'packs.include': several(wholeMatch, 'Read only packs whose whole name matches. Repeatable.'),
  'packs.exclude': several(wholeMatch, 'Do not read packs whose whole name matches. Repeatable.'),
  'packs.expected': several(
    text(
      'name',
      PACK_NAME,
      'the name of a pack; it begins with a letter and holds letters, digits and dashes',
    ),
    'Pack that ought to be deployed in every scope; whether it is becomes a metric. Repeatable.',
    { purpose: 'telling' },
  ),

  'accounts.series': oneOr(
    choice(['auto', 'full', 'active', 'failed', 'none']),
    'auto',
    'How much is told of each account: all statuses, the current one, accounts not successful only, or nothing; auto takes the most that fits the limit of samples.',
  ),
  'accounts.age': oneOr(
    choice(['auto', 'always', 'never']),
    'auto',
    'Whether the age of the last update is told for each account; auto tells it with full series.',
  ),
  'collector.accounts': oneOr(
    toggle,
    'true',
    'Read the accounts of the organization, for their names, their state, and which of them a pack misses.',
  ),
  'accounts.refresh-interval': oneOr(
    duration({ min: 60_000 }),
    '1h',
    'Time between two readings of the accounts of the organization.',
    FOR_REPEATING,
  ),
  'samples.limit': oneOr(
    integer({ min: 0 }),
    '250000',
    'Most samples of packs and accounts in one exposition; 0 for no limit.',
  ),

  'state.file': one(
    anyPath,
    'File that keeps what is known, so that a restart begins with it.',
    NEEDS_RESTART,
  ),

  'shard.index': oneOr(
    ordinal,
    '0',
    'Which of several exporters this is, from 0; auto takes the number that the host name ends in, as a StatefulSet gives it.',
    NEEDS_RESTART,
  ),
  'shard.total': oneOr(
    integer({ min: 1, max: 1000 }),
    '1',
    'How many exporters share the packs among them.',
    NEEDS_RESTART,
  ),
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

/** The value of every option, by name; durations in milliseconds. */
export type Options = ValuesOf<typeof OPTIONS>;

/** The rows, for those who treat all options alike. */
export const OPTION_ROWS = rowsOf<OptionName>(OPTIONS);

/** What stands before the first dot of a name. */
type Section = OptionName extends `${infer First}.${string}` ? First : never;

const PURPOSES: Readonly<Record<Section, Purpose>> = {
  config: 'asking',
  web: 'serving',
  log: 'logging',
  aws: 'asking',
  refresh: 'asking',
  packs: 'selecting',
  accounts: 'telling',
  collector: 'asking',
  samples: 'telling',
  state: 'serving',
  shard: 'telling',
};

export function purposeOf(name: OptionName): Purpose {
  const { purpose }: Option = OPTIONS[name];
  return purpose ?? PURPOSES[name.split('.')[0] as Section];
}

export const ENVIRONMENT_PREFIX = 'CONFORMANCE_PACK_EXPORTER_';

/** `refresh.page-size` is `CONFORMANCE_PACK_EXPORTER_REFRESH_PAGE_SIZE` in the environment. */
export function environmentName(name: OptionName): string {
  return ENVIRONMENT_PREFIX + name.replace(/[.-]/g, '_').toUpperCase();
}

/** `refresh.page-size` is `page_size` below `refresh` in the file. */
export function filePath(name: OptionName): readonly string[] {
  return name.replace(/-/g, '_').split('.');
}
