import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/inquiries/check.js';
import { documentedFields, fieldsOf } from '../support/command-json.js';
import { temporaryFile } from '../support/files.js';
import { run, startSimulate, type Environment } from '../support/program.js';

const FLAGS = ['--aws.region=eu-west-1', '--refresh.requests-per-second=1000'];

async function doctor(environment: Environment, ...flags: readonly string[]) {
  const { code, stdout } = await run(['doctor', '--json', ...FLAGS, ...flags], environment);
  const checks = JSON.parse(stdout) as readonly Check[];
  return {
    code,
    of: (status: Check['status']) => checks.filter((check) => check.status === status),
  };
}

describe('doctor', () => {
  it('finds nothing where all is well', async () => {
    const environment = await startSimulate(['--scenario=healthy']);
    const { code, of } = await doctor(environment);
    expect(code).toBe(0);
    expect(of('ok').map(({ step }) => step)).toEqual([
      'credentials',
      'identity',
      'organization',
      'accounts of the organization',
      'names of organizational units',
      'list of packs',
      'descriptions of packs',
      'accounts of a pack',
    ]);
    expect([...of('failed'), ...of('optional'), ...of('skipped')]).toEqual([]);
  });

  it('names the IAM action that is missing, for people too', async () => {
    const environment = await startSimulate(['--scenario=access-denied']);
    const { code, stdout } = await run(['doctor', ...FLAGS], environment);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^default\n {2}✓ credentials/);
    expect(stdout).toMatch(/\n\ndefault in eu-west-1\n {2}✓ list of packs +6\n/);
    expect(stdout).toMatch(
      /✗ accounts of a pack +AccessDeniedException: User: .+ is not authorized/,
    );
    const fixes = [...stdout.matchAll(/→ allow the IAM action (\S+)/g)].map(([, action]) => action);
    expect(fixes).toEqual([
      'config:DescribeOrganizationConformancePacks',
      'config:GetOrganizationConformancePackDetailedStatus',
    ]);
  });

  it.each([
    [
      'not-in-organization',
      'list of packs',
      'organization_access_denied',
      /delegated administrator/,
    ],
    ['expired-credentials', 'credentials', 'credentials', /^renew the session, or/],
    ['organizations-denied', 'accounts of the organization', 'access_denied', /ListAccounts/],
  ])('of %s finds %s failed', async (scenario, step, reason, fix) => {
    const { code, of } = await doctor(await startSimulate([`--scenario=${scenario}`]));
    expect(code).toBe(1);
    expect(of('failed')).toMatchObject([{ step, reason }]);
    expect(of('failed')[0]?.fix).toMatch(fix);
  });

  it.each<[string, Environment, string, RegExp]>([
    [
      'no credentials at all',
      {},
      'CredentialsError: Could not load credentials from any providers',
      /^give the exporter credentials: the role of its pod/,
    ],
    [
      'a profile that is not there',
      { AWS_PROFILE: 'nope' },
      'CredentialsError: there is no profile "nope" in the AWS configuration files',
      /^write it into them, or name one that is there/,
    ],
  ])('says of %s what is missing', async (_, environment, detail, fix) => {
    const { code, of } = await doctor(environment);
    expect(code).toBe(1);
    expect(of('failed')).toMatchObject([{ step: 'credentials', reason: 'credentials', detail }]);
    expect(of('failed')[0]?.fix).toMatch(fix);
  });

  it('takes it easy where only labels are missing', async () => {
    const environment = await startSimulate(['--scenario=organizations-denied']);
    const { code, of } = await doctor(environment, '--no-collector.accounts');
    expect(code).toBe(0);
    expect(of('optional')).toMatchObject([{ step: 'organization' }]);
  });

  it('tells a Region that has no packs from one that is denied', async () => {
    const { of } = await doctor(await startSimulate(), '--aws.region=mx-central-1');
    expect(of('failed')).toMatchObject([{ region: 'mx-central-1', reason: 'region_unsupported' }]);
  });

  it('says that the endpoint cannot be reached', async () => {
    const { code, of } = await doctor({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    expect(code).toBe(1);
    expect(of('failed').map(({ reason, step }) => [step, reason])).toEqual([
      ['accounts of the organization', 'network'],
      ['list of packs', 'network'],
    ]);
  });

  it('finds two sources that are one account', async () => {
    const environment = await startSimulate();
    const accountId = /AKIA(\d{12})/.exec(environment['AWS_ACCESS_KEY_ID'] ?? '')?.[1] ?? '';
    const file = await temporaryFile(
      'exporter.yaml',
      `sources:
  - { name: one, regions: [eu-west-1] }
  - { name: two, role_arn: "arn:aws:iam::${accountId}:role/x", regions: [eu-west-1, us-east-1] }
`,
    );
    const { code, stdout } = await run(['doctor', '--json', `--config.file=${file}`], environment);
    const failed = (JSON.parse(stdout) as readonly Check[]).filter((check) => check.fix);
    expect(code).toBe(1);
    expect(failed).toMatchObject([
      { source: 'two', region: 'eu-west-1', reason: 'duplicate_source' },
    ]);
  });
});

describe('account', () => {
  interface Found {
    readonly rows: readonly {
      readonly pack: string;
      readonly standing: string;
      readonly report?: { readonly status: string; readonly errorMessage?: string };
    }[];
  }
  const lookUp = async (environment: Environment, id: string) => {
    const { code, stdout } = await run(['account', id, '--json', ...FLAGS], environment);
    return { code, rows: (JSON.parse(stdout) as Found).rows };
  };
  /** The account that scenarios play with. */
  const LAST = '175153754039';

  it('tells what each pack is to an account, with the whole message', async () => {
    const environment = await startSimulate(['--scenario=odd-answers']);
    const { code, rows } = await lookUp(environment, LAST);
    expect(code).toBe(0);
    expect(rows).toHaveLength(6);
    const [failed, ...others] = rows.filter(({ report }) => report?.status === 'CREATE_FAILED');
    expect(others).toEqual([]);
    // Longer than what the exporter keeps.
    expect(failed?.report?.errorMessage?.length).toBeGreaterThan(1024);
  });

  it('tells the excluded from those that are not reported', async () => {
    const environment = await startSimulate(['--scenario=missing-account']);
    const { rows } = await lookUp(environment, LAST);
    expect(new Set(rows.map(({ standing }) => standing))).toEqual(new Set(['not reported']));
  });

  it('prints a table for people', async () => {
    const environment = await startSimulate(['--scenario=new-account']);
    const { code, stdout } = await run(['account', LAST, ...FLAGS], environment);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^SOURCE +REGION +PACK +STATUS +SINCE +ERROR$/);
    expect(lines[1]).toMatch(
      /^default +eu-west-1 +Encryption-at-Rest +CREATE_FAILED +20\S+Z +NoAvailableConfigurationRecorderException: You must create/,
    );
  });

  it.each<[string, string, readonly string[], number, string]>([
    [
      'does not exist',
      '999999999999',
      ['healthy'],
      1,
      ', and the organization has no such account.',
    ],
    [
      'no pack has reached',
      LAST,
      ['missing-account'],
      0,
      ', which is an account of the organization.',
    ],
    [
      'nobody can tell',
      '999999999999',
      ['organizations-denied'],
      1,
      '. Whether the organization has it could not be read: AccessDenied',
    ],
    ['nobody is to tell', '999999999999', ['healthy', '--no-collector.accounts'], 0, '.\n'],
  ])(
    'says of an account that %s that no pack reports it',
    async (_, id, [scenario, ...flags], expected, rest) => {
      const args = ['account', id, `--demo=${scenario}`, '--aws.region=eu-west-1', ...flags];
      const { code, stdout } = await run(args);
      expect(code).toBe(expected);
      expect(stdout).toContain(`not reported\n\nNo pack reports ${id}${rest}`);
    },
  );

  it('asks for an account once of each organization', async () => {
    const { code, stdout } = await run([
      'account',
      '999999999999',
      '--demo=delegated-admin',
      '--json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ inOrganization: false, failures: [] });
  });

  it('says apart from the JSON that the organization could not be asked', async () => {
    const args = ['account', '999999999999', '--demo=organizations-denied', '--json'];
    const { code, stderr, stdout } = await run(args);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).not.toHaveProperty('inOrganization');
    expect(stderr).toMatch(/^The accounts could not be read: AccessDenied/m);
  });

  it('leaves nothing out that stands beside the account', async () => {
    const { code, stderr } = await run(['account', '--demo', LAST, 'healthy']);
    expect(code).toBe(2);
    expect(stderr).toContain('healthy');
  });

  it('takes the account from behind the demo', async () => {
    const { code, stdout } = await run(['account', '--demo', LAST]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^default +us-east-1 +Security-Baseline +\w/m);
  });

  it('names what it is that could not be read', async () => {
    const { code, stderr } = await run(['account', LAST, '--demo=not-in-organization']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The packs in eu-west-1 of default could not be read: Organization/m);
  });

  it('says what could not be read, and does not end well', async () => {
    const environment = await startSimulate(['--scenario=access-denied']);
    const { code, stderr } = await run(['account', LAST, ...FLAGS], environment);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Security-Baseline in eu-west-1 of default could not be read: Access/);
  });

  it('does not say that there are no packs where nobody knows', async () => {
    for (const scenario of ['not-in-organization', 'access-denied']) {
      const environment = await startSimulate([`--scenario=${scenario}`]);
      const { code, stderr, stdout } = await run(['account', LAST, ...FLAGS], environment);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('could not be read');
    }
    const environment = await startSimulate(['--packs=0']);
    const { code, stdout } = await run(['account', LAST, ...FLAGS], environment);
    expect([code, stdout]).toEqual([0, 'No packs.\n']);
  });

  it.each([[[]], [['12345']], [[LAST, LAST]]])('wants one account id, not %s', async (ids) => {
    const { code, stderr } = await run(['account', ...ids, ...FLAGS]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^The command line has .+ twelve digits$/ms);
  });
});

describe('JSON', () => {
  const ACCOUNT = '175153754039';
  const outputs = async (args: readonly string[], ...scenarios: readonly string[]) => {
    const texts: string[] = [];
    for (const scenario of scenarios) {
      const environment = await startSimulate([`--scenario=${scenario}`]);
      const { stdout } = await run([...args, '--json', ...FLAGS], environment);
      texts.push(stdout);
    }
    return texts;
  };

  it.each<[string, readonly string[], readonly string[]]>([
    ['doctor', ['doctor'], ['healthy', 'access-denied']],
    ['account', ['account', ACCOUNT], ['new-account', 'missing-account', 'access-denied']],
    // Many pairs, so that a higher limit is advised, and a Region that has no packs.
    ['plan', ['plan', '--accounts=50000', '--aws.region=mx-central-1'], ['healthy']],
  ])('of %s has the fields that are documented', async (command, args, scenarios) => {
    const fields = fieldsOf(...(await outputs(args, ...scenarios)));
    expect(fields).toEqual(documentedFields(command));
  });

  it('of account has times as the API has them', async () => {
    const [text = ''] = await outputs(['account', ACCOUNT], 'new-account');
    const { rows } = JSON.parse(text) as { rows: { report: { updatedAt: string } }[] };
    const times = rows.map(({ report }) => report.updatedAt);
    expect(times).toEqual(times.map((time) => new Date(time).toISOString()));
    expect(times).toHaveLength(6);
  });
});

describe('plan', () => {
  it('tells calls, duration and samples, for people and as JSON', async () => {
    const environment = await startSimulate(['--scenario=healthy']);
    const { code, stdout } = await run(['plan', ...FLAGS, '--samples.limit=1000'], environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^240 pairs of a pack and an account\.$/m);
    expect(stdout).toMatch(/^default +eu-west-1 +40 +6 +8 +1s$/m);
    expect(stdout).toMatch(/^full +\d,\d+ +does not fit +\d+$/m);
    expect(stdout).toMatch(/^--accounts\.series=auto comes to active\./m);
    expect(stdout).toMatch(/^One exporter is enough for active series\.$/m);
    const json = await run(['plan', '--json', '--accounts=1000', ...FLAGS], environment);
    expect(json.code).toBe(0);
    const whole = await run(['plan', ...FLAGS], environment);
    expect(whole.stdout).toMatch(/^--accounts\.series=auto comes to full\./m);
    expect(whole.stdout).toMatch(/^One exporter is enough for full series\.$/m);
    expect(JSON.parse(json.stdout)).toMatchObject({
      accounts: { default: 1_000 },
      whole: { calls: 62 },
      series: { active: { fits: true, shards: 1 } },
      mode: 'full',
      failures: [],
    });
  });

  it('advises what works: shards with their part of the rate, or a higher limit', async () => {
    const environment = await startSimulate(['--scenario=healthy', '--packs=50']);
    const planned = (...flags: readonly string[]) =>
      run(['plan', '--aws.region=eu-west-1', '--accounts=10000', ...flags], environment);
    const { stdout } = await planned();
    expect(stdout).toMatch(/^--accounts\.series=auto comes to failed\./m);
    expect(stdout).toMatch(/^One exporter is enough for failed series\.$/m);
    const advice =
      /^For active series let (\d) shards share the packs: --shard\.total=\1, each with --refresh\.requests-per-second=(\S+), since .* Or with --samples\.limit=(\d+) 2 shards, each with --refresh\.requests-per-second=2\.5 would do\.$/m;
    expect(stdout).toMatch(advice);
    const [, shards = '', rate, limit = ''] = advice.exec(stdout) ?? [];
    expect(Number(rate)).toBe(Math.floor(500 / Number(shards)) / 100);
    const shared = await planned(
      `--shard.total=${shards}`,
      `--refresh.requests-per-second=${rate}`,
    );
    expect(shared.stdout).toMatch(/^active +1,\d{3},\d{3} +2\d\d,\d{3} +fits +\d$/m);
    expect(shared.stdout).toContain(`${shards} shards are enough for active series.`);
    const raised = await planned('--shard.total=2', `--samples.limit=${limit}`);
    expect(raised.stdout).toContain('2 shards are enough for active series.');
    const series = await planned('--accounts.series=full', '--samples.limit=0');
    expect(series.stdout).toMatch(/^--accounts\.series is full\. /m);
  });

  it('tells what sweeps save', async () => {
    const environment = await startSimulate(['--scenario=healthy']);
    const flags = [...FLAGS, '--accounts=1000', '--refresh.sweep-every=10'];
    const { stdout } = await run(['plan', ...flags], environment);
    expect(stdout).toMatch(
      /^The first refresh makes 62 calls .* a later one makes at most 12 calls/m,
    );
  });

  it('tells of the Regions that it could read, and which it could not', async () => {
    const environment = await startSimulate(['--scenario=healthy']);
    const flags = [...FLAGS, '--aws.region=mx-central-1'];
    const { code, stderr, stdout } = await run(['plan', ...flags], environment);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^default +eu-west-1 +40 +6 +8 +1s$/m);
    expect(stdout).not.toContain('mx-central-1');
    expect(stderr).toMatch(/^The packs in mx-central-1 of default could not be read: /m);
    const json = await run(['plan', '--json', ...flags], environment);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      scopes: [{ region: 'eu-west-1' }],
      failures: [{ source: 'default', region: 'mx-central-1' }],
    });
  });

  it('asks for the number of accounts where AWS does not tell it', async () => {
    const environment = await startSimulate(['--scenario=organizations-denied']);
    const { code, stderr } = await run(['plan', ...FLAGS], environment);
    expect(code).toBe(2);
    expect(stderr).toContain('--accounts: is needed, since AWS Organizations does not tell');
  });

  it('says why the packs cannot be listed', async () => {
    const environment = await startSimulate(['--scenario=not-in-organization']);
    const { code, stderr } = await run(['plan', ...FLAGS], environment);
    expect(code).toBe(1);
    expect(stderr).toContain('delegated administrator');
  });
});
