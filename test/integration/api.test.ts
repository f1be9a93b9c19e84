import { readFileSync } from 'node:fs';
import { hash } from 'bcrypt';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/conformance/error-code.js';
import { REASONS } from '../../src/aws/errors.js';
import {
  ACCOUNTS,
  NOTHING,
  PACK_ACCOUNT_SELECTION,
  PACK_ACCOUNTS,
  PACKS,
} from '../../src/http/queries.js';
import { createGuard } from '../../src/http/guard.js';
import type { Parameters } from '../../src/http/query.js';
import type { WebSettings } from '../../src/http/web-settings.js';
import type { ScenarioName } from '../../src/simulator/scenarios.js';
import { serving } from '../support/app.js';
import { OpenApi, OPENAPI_FILE, type DocumentedAnswer } from '../support/openapi.js';
import { collectorOf, firstPack, playing, type TestCollector } from '../support/simulated.js';
import { NOTHING_KNOWN, statusOfExporter } from '../support/status.js';

const API = '/api/v1';
const PACK = `${API}/packs/{source}/{region}/{pack}`;
const openApi = new OpenApi();

/** The path of the description, and the query that belongs to it. */
const RESOURCES: Readonly<Record<string, Parameters>> = {
  [`${API}/status`]: NOTHING,
  [`${API}/packs`]: PACKS,
  [PACK]: NOTHING,
  [`${PACK}/accounts`]: PACK_ACCOUNTS,
  [`${PACK}/accounts.csv`]: PACK_ACCOUNT_SELECTION,
  [`${PACK}/accounts.json`]: PACK_ACCOUNT_SELECTION,
  [`${API}/accounts`]: ACCOUNTS,
  [`${API}/accounts/{accountId}`]: NOTHING,
};

/** Asks, and holds whatever is answered against the description. */
async function ask(
  url: string,
  path: string,
  values: Readonly<Record<string, string>> = {},
  query = '',
  init: RequestInit = {},
): Promise<DocumentedAnswer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
  const response = await fetch(`${url}${filled}${query}`, init);
  const { headers, status } = response;
  const text = await response.text();
  const isJson = headers.get('content-type')?.includes('json') === true;
  const answer = { status, headers, body: isJson ? (JSON.parse(text) as unknown) : text };
  expect(openApi.problemsOf(path, answer)).toEqual([]);
  return answer;
}

async function serve(exporter: TestCollector): Promise<string> {
  const { url } = await serving(statusOfExporter(exporter));
  return url;
}

/** A scenario after its first refresh. */
async function play(name: ScenarioName, ...expected: readonly string[]) {
  const simulator = await playing(name);
  const exporter = collectorOf(simulator, { flags: { 'packs.expected': expected } });
  await exporter.refreshSources();
  await exporter.refresh();
  const { organization } = simulator;
  const pack = firstPack(organization);
  const key = { source: 'default', region: pack.region, pack: pack.name };
  const account = organization.accounts.keys().next().value ?? '';
  return { url: await serve(exporter), exporter, organization, pack, key, account };
}

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(OPENAPI_FILE)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('is served as it is', async () => {
    const { url } = await serving(NOTHING_KNOWN);
    const { body, status } = await ask(url, `${API}/openapi.yaml`);
    expect(status).toBe(200);
    expect(body).toBe(readFileSync(OPENAPI_FILE, 'utf8'));
  });

  it('knows every resource, and no other', () => {
    expect(Object.keys(openApi.description.paths).sort()).toEqual(
      [...Object.keys(RESOURCES), `${API}/openapi.yaml`].sort(),
    );
  });

  it.each(Object.entries(RESOURCES))('knows the query of %s', (path, table) => {
    const documented = openApi.queryOf(path);
    expect(documented.map(({ name }) => name).sort()).toEqual(Object.keys(table).sort());
    for (const { name, schema } of documented) {
      const parameter = table[name];
      const fallback = parameter?.fallback;
      const sort = fallback as { readonly key?: string } | undefined;
      expect([name, schema.default]).toEqual([name, sort?.key ?? fallback]);
      const { enum: values } = schema;
      for (const value of values ?? []) {
        expect([name, value, parameter?.parse(value)]).not.toContain(undefined);
      }
      // Whatever else the program takes, the description would have to name.
      const words = parameter?.expects.match(/^one of ([\w, -]+?)(?:, with|$)/)?.[1]?.split(', ');
      expect([name, (values ?? []).filter((value) => !value.startsWith('-'))]).toEqual([
        name,
        words ?? [],
      ]);
    }
  });

  it('knows every error code and every reason', () => {
    const { schemas } = openApi.description.components;
    expect(schemas['ErrorCode']?.['enum']).toEqual(ERROR_CODES);
    expect(schemas['Reason']?.['enum']).toEqual(REASONS);
  });
});

describe('every answer is as it is described', () => {
  it.each<ScenarioName>([
    'rollout',
    'stuck-rollup',
    'mass-failure',
    'missing-account',
    'suspended-account',
    'deleting',
    'odd-answers',
    'access-denied',
    'organizations-denied',
    'expired-credentials',
    'not-in-organization',
  ])('in the scenario %s', async (name) => {
    const { account, key, url } = await play(name, 'Lost-Pack');
    const values = { ...key, accountId: account };
    const statuses = new Set<number>();
    for (const path of Object.keys(RESOURCES)) {
      const { headers, status } = await ask(url, path, values);
      statuses.add(status);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
    }
    const isUnreadable = ['expired-credentials', 'not-in-organization'].includes(name);
    expect(statuses).toEqual(new Set(isUnreadable ? [200, 404] : [200]));
  });

  it('before the first refresh', async () => {
    const exporter = collectorOf(await playing('rollout'));
    const url = await serve(exporter);
    const { body } = await ask(url, `${API}/status`);
    expect(body).toMatchObject({ packs: [], scopes: [{ state: 'waiting', withdrawn: false }] });
    expect((await ask(url, `${API}/packs`)).body).toMatchObject({ items: [], total: 0 });
  });

  it('where there is nothing', async () => {
    const { account, key, url } = await play('healthy');
    const known = { ...key, accountId: account };
    for (const [path, values] of [
      [PACK, { ...known, pack: 'Nothing' }],
      [`${PACK}/accounts`, { ...known, region: 'eu-west-9' }],
      [`${PACK}/accounts.csv`, { ...known, source: 'nobody' }],
      [`${PACK}/accounts.json`, { ...known, pack: '<script>' }],
      [`${API}/accounts/{accountId}`, { accountId: '0' }],
    ] as const) {
      expect((await ask(url, path, values)).status, path).toBe(404);
    }
  });

  it.each(Object.entries(RESOURCES))('where the query of %s is wrong', async (path, table) => {
    const { account, key, url } = await play('healthy');
    const bad = ['nonsense=1', ...('limit' in table ? ['limit=0'] : [])].join('&');
    const { body, status } = await ask(url, path, { ...key, accountId: account }, `?${bad}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      detail: expect.stringContaining('nonsense is not a parameter') as string,
      problems: bad.split('&').map((given) => ({ parameter: given.split('=')[0] })),
    });
  });
});

describe('what is refused is refused as it is described', () => {
  const PATHS = [...Object.keys(RESOURCES), `${API}/openapi.yaml`];
  const OPEN: WebSettings = { tls: undefined, headers: {}, users: new Map(), rateLimit: undefined };
  const guarded = (settings: Partial<WebSettings>) =>
    createGuard(
      () => ({ ...OPEN, ...settings }),
      () => 0,
    );

  it('where there are users and none is named', async () => {
    const guard = guarded({ users: new Map([['alice', await hash('wonderland', 4)]]) });
    const { url } = await serving(NOTHING_KNOWN, { guard });
    for (const path of PATHS) expect((await ask(url, path)).status, path).toBe(401);
    expect(openApi.description.security).toEqual([{}, { basic: [] }]);
    expect(openApi.description.components.securitySchemes['basic']).toMatchObject({
      type: 'http',
      scheme: 'basic',
    });
  });

  it.each(['POST', 'PUT', 'DELETE'])('with the method %s', async (method) => {
    const { url } = await serving(NOTHING_KNOWN);
    for (const path of PATHS) {
      const { headers, status } = await ask(url, path, {}, '', { method });
      expect([path, status, headers.get('allow')]).toEqual([path, 405, 'GET, HEAD']);
    }
  });

  it('above the rate limit', async () => {
    const guard = guarded({ rateLimit: { intervalMs: 2_000, burst: 1 } });
    const { url } = await serving(NOTHING_KNOWN, { guard });
    await fetch(url);
    for (const path of PATHS) {
      const { headers, status } = await ask(url, path);
      expect([path, status, headers.get('retry-after')]).toEqual([path, 429, '2']);
    }
  });

  it('while as many requests as may be are under way', async () => {
    const gates: (() => void)[] = [];
    const { url } = await serving(
      async () => {
        await new Promise<void>((resolve) => gates.push(resolve));
        return NOTHING_KNOWN();
      },
      { maxRequests: 1 },
    );
    const first = fetch(url);
    await expect.poll(() => gates.length).toBe(1);
    for (const path of PATHS) expect((await ask(url, path)).status, path).toBe(503);
    gates.forEach((go) => go());
    expect((await first).status).toBe(200);
  });

  it('for a defect', async () => {
    const { url } = await serving(() => Promise.reject(new Error('secret')));
    const values = { source: 'default', region: 'eu-west-1', pack: 'Base', accountId: '1' };
    for (const path of Object.keys(RESOURCES)) {
      const { body, status } = await ask(url, path, values);
      expect([path, status]).toEqual([path, 500]);
      expect(JSON.stringify(body)).not.toContain('secret');
    }
  });
});

describe('the JSON', () => {
  it('tells of a stuck roll-up what the accounts say, with the message as AWS has it', async () => {
    const { key, pack, url } = await play('stuck-rollup');
    const { body } = await ask(url, `${API}/status`);
    const failed = pack.members.find(({ status }) => status === 'CREATE_FAILED');
    expect(body).toMatchObject({
      summary: {
        packs: { total: 2, mismatches: 1 },
        accounts: { total: 5, failed: 1, missing: 0 },
      },
      packs: [
        { ...key, state: 'failed', mismatch: true, rollUp: { outcome: 'in_progress' } },
        { state: 'complete', mismatch: false },
      ],
    });
    const accounts = await ask(url, `${PACK}/accounts`, key, '?limit=1');
    expect(accounts.body).toMatchObject({
      total: 5,
      limit: 1,
      offset: 0,
      items: [
        {
          accountId: failed?.accountId,
          standing: 'failed',
          errorCode: 'NoAvailableConfigurationRecorder',
          errorMessage: failed?.errorMessage,
        },
      ],
    });
    const account = await ask(url, `${API}/accounts/{accountId}`, {
      accountId: failed?.accountId ?? '',
    });
    expect(account.body).toMatchObject({
      packs: [{ ...key, standing: 'failed', errorMessage: failed?.errorMessage }, {}],
    });
  });

  it('pages through every account once, in whatever order', async () => {
    const { key, organization, url } = await play('mass-failure');
    for (const sort of openApi.queryOf(`${PACK}/accounts`).find(({ name }) => name === 'sort')
      ?.schema.enum ?? []) {
      const ids: string[] = [];
      for (let offset = 0; offset < 6; offset += 2) {
        const query = `?limit=2&offset=${offset}&sort=${sort}`;
        const { body } = await ask(url, `${PACK}/accounts`, key, query);
        ids.push(
          ...(body as { items: { accountId: string }[] }).items.map((item) => item.accountId),
        );
      }
      expect([sort, ids.toSorted()]).toEqual([sort, [...organization.accounts.keys()].sort()]);
    }
  });

  it('says what could not be read, where, and what to do about it', async () => {
    const { url } = await play('access-denied');
    const { body } = await ask(url, `${API}/status`);
    expect(body).toMatchObject({
      scopes: [{ state: 'partial' }],
      troubles: [
        { operation: 'DescribeOrganizationConformancePacks', reason: 'access_denied' },
        {
          operation: 'GetOrganizationConformancePackDetailedStatus',
          message: expect.stringMatching(/^AccessDeniedException: [^(]+$/) as string,
          advice: expect.stringMatching(/^allow the IAM action config:Get/) as string,
          places: [{ region: 'eu-west-1' }, { region: 'eu-west-1' }],
        },
      ],
      packs: [{ state: 'unknown', failure: { reason: 'access_denied' } }, {}],
    });
  });

  it('says why accounts have no names', async () => {
    const { url } = await play('organizations-denied');
    const { body } = await ask(url, `${API}/status`);
    const { sources } = body as { sources: { failures: { operation: string }[] }[] };
    expect(sources[0]?.failures.map(({ operation }) => operation).sort()).toEqual([
      'DescribeOrganization',
      'ListAccounts',
    ]);
  });

  it('is for reading only, and answers in JSON whatever is wrong', async () => {
    const { url } = await serving(NOTHING_KNOWN);
    const answers = await Promise.all([
      fetch(`${url}${API}/status`, { method: 'POST' }),
      fetch(`${url}${API}/nothing`),
      fetch(`${url}${API}/accounts/%E0%A4%A`),
      fetch(`${url}${API}/status`, { method: 'HEAD' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([405, 404, 400, 200]);
    expect(answers[0].headers.get('allow')).toBe('GET, HEAD');
    for (const answer of answers.slice(0, 3)) {
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await answer.json()).toMatchObject({ type: 'about:blank', status: answer.status });
    }
  });

  it('tells of a defect without a stack', async () => {
    const { url } = await serving(() => Promise.reject(new Error('secret')));
    const response = await fetch(`${url}${API}/status`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect((await fetch(url)).status).toBe(500);
  });
});

describe('a download', () => {
  it('holds all accounts that match, as CSV and as JSON', async () => {
    const { key, url } = await play('mass-failure');
    const query = '?standing=failed&sort=-accountId';
    const csv = await ask(url, `${PACK}/accounts.csv`, key, query);
    expect(csv.headers.get('content-disposition')).toBe(
      'attachment; filename="Security-Baseline-eu-west-1.csv"',
    );
    const [head, ...lines] = String(csv.body).trimEnd().split('\r\n');
    expect(head).toBe(
      'source,aws_region,conformance_pack,account_id,account_name,ou_path,account_state,standing,status,error_code,raw_code,error_message,last_update',
    );
    const json = await ask(url, `${PACK}/accounts.json`, key, query);
    const accounts = json.body as { accountId: string; name: string }[];
    expect(accounts).toHaveLength(4);
    expect(lines.map((line) => line.split(',').slice(0, 5))).toEqual(
      accounts.map(({ accountId, name }) => [...Object.values(key), accountId, name]),
    );
    const page = await ask(url, `${PACK}/accounts`, key, query);
    expect(page.body).toMatchObject({ items: accounts });
  });

  it('is a list without an account where none matches', async () => {
    const { key, url } = await play('healthy');
    const json = await ask(url, `${PACK}/accounts.json`, key, '?q=nobody');
    expect(json.body).toEqual([]);
  });

  it('of many accounts is as long as the list', async () => {
    const simulator = await playing('mass-failure', { accounts: 1_250, packs: 1 });
    const exporter = collectorOf(simulator);
    await exporter.refresh();
    const url = await serve(exporter);
    const key = { source: 'default', region: 'eu-west-1', pack: 'Security-Baseline' };
    const json = await ask(url, `${PACK}/accounts.json`, key, '?standing=failed');
    const ids = (json.body as { accountId: string }[]).map(({ accountId }) => accountId);
    expect(new Set(ids).size).toBe(1_000);
    expect(ids).toHaveLength(1_000);
  });

  it('makes no formula of what somebody calls an account', async () => {
    const simulator = await playing('mass-failure');
    for (const account of simulator.organization.accounts.values()) account.name = '=1+1';
    const exporter = collectorOf(simulator);
    await exporter.look();
    const url = await serve(exporter);
    const { pack, region } = { pack: 'Security-Baseline', region: 'eu-west-1' };
    const csv = await ask(url, `${PACK}/accounts.csv`, { source: 'default', region, pack });
    expect(String(csv.body).match(/,"'=1\+1",/g)).toHaveLength(5);
    expect(String(csv.body)).not.toMatch(/(^|,)=/m);
  });
});
