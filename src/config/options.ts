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
  'config.file': one(anyPath, 'YAML configuration file with further options.', {
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
    'YAML file with TLS, users, headers and a rate limit, in the format of exporter-toolkit; reloaded whenever it changes.',
    NEEDS_RESTART,
  ),
  'web.health-without-auth': oneOr(
    toggle,
    'false',
    'Serve /-/healthy and /-/ready without basic authentication.',
    NEEDS_RESTART,
  ),
  'web.telemetry-path': oneOr(
    { ...urlPath, json: { ...urlPath.json, not: { pattern: IN_A_SECTION } } },
    '/metrics',
    'Path under which the metrics are exposed; not one of the pages or of the API.',
    NEEDS_RESTART,
  ),
  'web.route-prefix': one(
    urlPath,
    'Prefix of all routes; by default the path of web.external-url.',
    NEEDS_RESTART,
  ),
  'web.external-url': one(
    url('https://example.com/exporter'),
    'URL under which a browser reaches the exporter, for links in its pages.',
    NEEDS_RESTART,
  ),
  'web.runbooks-url': one(
    url('https://example.com/runbooks'),
    'URL under which the runbooks are published, for links on the status page.',
    NEEDS_RESTART,
  ),
  'web.max-requests': oneOr(
    integer({ min: 0 }),
    '40',
    'Maximum number of concurrent scrapes, and likewise of concurrent requests for pages and JSON; 0 for no limit.',
    NEEDS_RESTART,
  ),
  'web.disable-exporter-metrics': oneOr(
    toggle,
    'false',
    'Omit the metrics about the process and Node.js.',
    NEEDS_RESTART,
  ),

  'log.level': oneOr(choice(LOG_LEVELS), 'info', 'Only log messages of this severity or above.'),
  'log.format': oneOr(choice(LOG_FORMATS), 'json', 'Output format of log messages.', NEEDS_RESTART),

  'aws.region': several(
    text('region', REGION, 'a Region; write for example eu-west-1'),
    'Region to read. Repeatable; by default the Region that the AWS SDK finds in its environment.',
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
    'External ID that the role requires.',
  ),

  'refresh.interval': oneOr(
    // Alerts look back two hours, which have to hold a refresh.
    duration({ min: 1_000, max: 3_600_000 }),
    '5m',
    'Time from the start of one refresh to the start of the next; at most an hour.',
    FOR_REPEATING,
  ),
  'refresh.timeout': oneOr(
    duration({ min: 1_000 }),
    '30m',
    'Deadline for a whole refresh of a scope; what has been read by then is kept.',
  ),
  'refresh.concurrency': oneOr(
    integer({ min: 1, max: 100 }),
    '4',
    'Maximum number of concurrent AWS API calls per scope.',
  ),
  'refresh.requests-per-second': oneOr(
    decimal({ min: 0.01, max: 10_000 }),
    '5',
    'Maximum number of AWS API requests per second and scope; fewer if AWS throttles.',
  ),
  'refresh.max-staleness': oneOr(
    duration({ min: 1_000, orZero: true }),
    '24h',
    'Age at which data that could not be refreshed is no longer exposed; 0 for never.',
    FOR_REPEATING,
  ),
  'refresh.sweep-every': oneOr(
    integer({ min: 1, max: 1_000 }),
    '1',
    'Read the accounts of packs that are complete or deleted only in every Nth refresh; all other packs are read in each refresh.',
    FOR_REPEATING,
  ),
  'refresh.page-size': oneOr(
    integer({ min: 1, max: 100 }),
    '100',
    'Items to request per page from the AWS API.',
  ),

  'packs.include': several(wholeMatch, 'Read only packs whose whole name matches. Repeatable.'),
  'packs.exclude': several(wholeMatch, 'Do not read packs whose whole name matches. Repeatable.'),
  'packs.expected': several(
    text(
      'name',
      PACK_NAME,
      'the name of a pack; it begins with a letter and holds letters, digits and dashes',
    ),
    'Pack that should be deployed in every scope; a metric shows whether it is. Repeatable.',
    { purpose: 'telling' },
  ),

  'accounts.series': oneOr(
    choice(['auto', 'full', 'active', 'failed', 'none']),
    'auto',
    'Which series are exposed per account: all statuses, the current status only, the current status of unsuccessful accounts only, or none; auto takes the most that fits samples.limit.',
  ),
  'accounts.age': oneOr(
    choice(['auto', 'always', 'never']),
    'auto',
    'Whether the age of the last update is exposed per account; auto exposes it if account series are full.',
  ),
  'collector.accounts': oneOr(
    toggle,
    'true',
    'Read the accounts of the organization, for their names and states, and to find accounts that a pack is missing from.',
  ),
  'accounts.refresh-interval': oneOr(
    duration({ min: 60_000 }),
    '1h',
    'Time between two reads of the accounts of the organization.',
    FOR_REPEATING,
  ),
  'samples.limit': oneOr(
    integer({ min: 0 }),
    '250000',
    'Maximum number of samples about packs and accounts in one exposition; 0 for no limit.',
  ),

  'state.file': one(
    anyPath,
    'File that persists the last known data across restarts.',
    NEEDS_RESTART,
  ),

  'shard.index': oneOr(
    ordinal,
    '0',
    'Index of this shard, from 0; auto takes the number at the end of the host name, as in a StatefulSet.',
    NEEDS_RESTART,
  ),
  'shard.total': oneOr(
    integer({ min: 1, max: 1000 }),
    '1',
    'Number of shards that the packs are distributed among.',
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
