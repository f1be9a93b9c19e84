import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../src/http/app.js';
import { sectionOf } from '../../src/paths.js';
import { Store } from '../../src/refresh/store.js';
import type { ScenarioName } from '../../src/simulator/scenarios.js';
import { serving } from '../support/app.js';
import { packOf } from '../support/columns.js';
import { failWith, packWith, reports } from '../support/moment.js';
import { snapshotOf, storeOf } from '../support/render.js';
import { collectorOf, playing } from '../support/simulated.js';
import { NOTHING_KNOWN, statusOf, statusOfExporter } from '../support/status.js';

const PACK = '/packs/default/eu-west-1/Security-Baseline';

/** A scenario after its first refresh, behind the web application. */
async function play(name: ScenarioName, more: Partial<AppOptions> = {}) {
  const simulator = await playing(name);
  const exporter = collectorOf(simulator);
  await exporter.refreshSources();
  await exporter.refresh();
  const { url } = await serving(statusOfExporter(exporter), more);
  return { url, organization: simulator.organization };
}

async function get(url: string, status = 200): Promise<string> {
  const response = await fetch(url);
  expect([url, response.status]).toEqual([url, status]);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return response.text();
}

/** Every address that a page leads to or loads. */
function addressesIn(page: string): string[] {
  return [...page.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map(([, address = '']) =>
    address.replaceAll('&amp;', '&'),
  );
}

describe('the pages', () => {
  it('show what is failing, in how many accounts, and why', async () => {
    const { organization, url } = await play('mass-failure');
    const overview = await get(url);
    expect(overview).toContain('1 of 2 packs has failed, in 4 accounts</h1>');
    expect(overview).toContain(`href="${PACK}"`);
    const pack = await get(`${url}${PACK}`);
    expect(pack).toContain('You must create a configuration recorder before');
    for (const { id, name } of organization.accounts.values()) {
      expect(pack).toContain(`href="/accounts/${id}">${name}</a>`);
    }
  });

  it('mark a roll-up that the accounts disagree with', async () => {
    const { url } = await play('stuck-rollup');
    const overview = await get(url);
    expect(overview.match(/Accounts disagree/g)).toHaveLength(1);
    expect(await get(`${url}${PACK}`)).toContain('AWS’s roll-up and its accounts disagree.');
  });

  it('show whatever AWS sends as text', async () => {
    const { organization, url } = await play('odd-answers');
    const [first] = organization.accounts.keys();
    for (const path of ['/', PACK, '/accounts', `/accounts/${first ?? ''}`]) {
      const page = await get(`${url}${path}`);
      expect([path, page.match(/<script[^>]*>/g)]).toEqual([
        path,
        [expect.stringMatching(/^<script type="module" src="\/assets\/status\.js\?[\w-]+">$/)],
      ]);
    }
    const pack = await get(`${url}${PACK}`);
    expect(pack).toContain('&lt;script>alert(');
    const search = await get(`${url}/?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(search).toContain('value="&quot;>&lt;script>alert(1)&lt;/script>"');
  });

  it('let a browser run nothing but our own files', async () => {
    const { url } = await play('healthy');
    for (const path of ['/', '/accounts', '/nothing', '/api/v1/status']) {
      const { headers } = await fetch(`${url}${path}`);
      expect([path, headers.get('content-security-policy')]).toEqual([
        path,
        "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self'; script-src 'self'; style-src 'self'",
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
    }
    const page = await get(url);
    expect(page).not.toMatch(/ style="| on\w+="|<style/);
  });

  it('have no link that leads nowhere, whatever the prefix', async () => {
    const { url } = await play('mass-failure', { routePrefix: '/proxy', linkPrefix: '/proxy' });
    const queue = ['/proxy/'];
    const seen = new Set(queue);
    for (const path of queue) {
      const response = await fetch(`${url}${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      const body = await response.text();
      if (response.headers.get('content-type')?.startsWith('text/html') !== true) continue;
      for (const address of addressesIn(body)) {
        if (address.startsWith('https://eu-west-1.console.aws.amazon.com/config/')) continue;
        const [target = ''] = address.split('#');
        if (target === '') {
          expect(body).toContain(` id="${address.slice(1)}"`);
          continue;
        }
        expect([path, target]).toEqual([path, expect.stringMatching(/^\/proxy\//)]);
        // The same in every order is one page too many to ask for.
        if (seen.has(target) || (target.includes('sort=') && path.includes('sort='))) continue;
        seen.add(target);
        queue.push(target);
      }
    }
    expect(seen.size).toBeGreaterThan(40);
    // Nor one that the metrics could take.
    const places = [...seen].map((address) => address.replace(/^\/proxy|\?.*/g, ''));
    expect(places.filter((path) => sectionOf(path) === undefined)).toEqual(['/metrics']);
  });

  it('filter, sort and page by the address alone', async () => {
    const { url } = await play('mass-failure');
    const rows = (page: string) => page.split('<tbody')[1]?.match(/<tr /g)?.length ?? 0;
    expect(rows(await get(`${url}${PACK}`))).toBe(5);
    expect(rows(await get(`${url}${PACK}?standing=failed&q=`))).toBe(4);
    const first = await get(`${url}${PACK}?standing=failed&limit=3`);
    expect([rows(first), first.includes('1–3 of 4 accounts')]).toEqual([3, true]);
    const next = addressesIn(first).find((address) => address.includes('offset=3')) ?? '';
    const second = await get(`${url}${next}`);
    expect([rows(second), second.includes('4–4 of 4 accounts')]).toEqual([1, true]);
    expect(await get(`${url}/?q=nothing`)).toContain('No pack matches');
    expect(await get(`${url}/?q=nothing`)).toContain('>Reset</a>');
    expect(await get(`${url}/?limit=1&sort=pack`)).not.toContain('>Reset</a>');
    expect(await get(`${url}/?offset=5`)).toContain('None of 2 packs');
    expect(await get(`${url}/accounts?sort=-name`)).toContain('aria-sort="descending"');
  });

  it('say what is wrong with an address', async () => {
    const { url } = await play('healthy');
    const wrong = await get(`${url}/?sort=size&limit=0`, 400);
    expect(wrong).toContain('limit is not an integer from 1 to 1000.');
    expect(wrong).toContain('sort is not one of worst,');
    const missing = ['/packs/default/eu-west-1/Nothing', '/accounts/1'];
    for (const path of missing) {
      expect(await get(`${url}${path}`, 404)).toContain('Not found</h1>');
    }
  });

  it('before the first refresh say how far it has come, and look again by themselves', async () => {
    const scopes = ['eu-west-1', 'us-east-1'].map((region) => ({
      scope: { source: 'default', region },
      expectedPacks: [],
    }));
    const store = new Store(scopes);
    const { url } = await serving(statusOf(store));
    store.progress(0, { done: 400, expected: 1_100, sized: true, callMs: 200 });
    const page = await get(url);
    expect(page).toContain('AWS is being read for the first time</h1>');
    expect(page).toContain('First refresh: 0 of 2 scopes read, 400 of 1,100 AWS API calls</label>');
    expect(page).toContain('<progress id="progress" max="100" value="18">');
    expect(page).toContain('<noscript><meta http-equiv="refresh" content="2"/></noscript>');
    const operation = 'DescribeOrganizationConformancePackStatuses';
    failWith(store, 0, { reason: 'network', operation, message: 'cannot be reached' });
    failWith(store, 1, { reason: 'network', operation, message: 'cannot be reached' });
    const later = await get(url);
    expect(later).toContain('Nothing could be read from AWS</h1>');
    expect(later).toContain('AWS cannot be reached.');
    expect(later).not.toContain('http-equiv');
  });

  it('say of what could not be renewed how old it is, and why', async () => {
    const pack = packWith('Security-Baseline', reports('CREATE_SUCCESSFUL', 1));
    const store = storeOf([snapshotOf([pack])]);
    const operation = 'GetOrganizationConformancePackDetailedStatus';
    failWith(store, 0, { reason: 'timeout', operation, message: 'too slow', pack: pack.name });
    const { url } = await serving(statusOf(store, 3_600_000));
    expect((await get(url)).replace(/<[^>]*>/g, '')).toContain(
      'As of 1 hour ago; since then: AWS did not answer in time',
    );
    const page = (await get(`${url}${PACK}`)).replace(/<[^>]*>/g, '');
    expect(page).toContain('They were last read 1 hour ago.');
    expect(page).toContain('too slow');
  });

  it('show no count of what could not be read', async () => {
    const { organization, url } = await play('access-denied');
    const words = async (path: string) =>
      (await get(`${url}${path}`)).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(await words('/')).toContain(
      'Failed – no pack could be read Unknown 2 of 2 packs In progress – no pack could be read Complete – no pack could be read Accounts failing – no pack could be read',
    );
    const accounts = await words('/accounts');
    expect(accounts).toContain('The accounts of 2 of 2 packs could not be read.');
    for (const { id } of organization.accounts.values()) {
      expect(accounts).toMatch(
        new RegExp(`${id} .*? Failed – Missing – In progress – Successful –`),
      );
    }
    const [first = ''] = organization.accounts.keys();
    expect(await words(`/accounts/${first}`)).toContain(
      'The accounts of 2 packs could not be read, so their status in this account is unknown',
    );
  });

  it('say what to do before they tell what AWS said', async () => {
    const { url } = await play('access-denied');
    const advice = '→ Allow the IAM action config:GetOrganizationConformancePackDetailedStatus';
    for (const path of ['/', PACK]) {
      const words = (await get(`${url}${path}`)).replace(/<[^>]*>/g, '');
      const [before = '', after = ''] = words.split(advice);
      expect([path, before.includes('An IAM action is not allowed')]).toEqual([path, true]);
      expect([path, after.startsWith('AccessDeniedException: ')]).toEqual([path, true]);
      expect([path, after.includes('allow the IAM action')]).toEqual([path, false]);
    }
  });

  it('say that the accounts could not be listed, and do not pass that off as none missing', async () => {
    const words = async (name: ScenarioName) =>
      (await get((await play(name)).url)).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    const unreachable = await words('organizations-unreachable');
    expect(unreachable).toContain('Accounts missing – accounts could not be listed');
    const [, troubles = ''] = unreachable.split('What could not be read');
    expect(troubles).toMatch(
      /^ AWS cannot be reached. ListAccounts .*? default · accounts of the organization/,
    );
    const healthy = await words('healthy');
    expect(healthy).not.toContain('Accounts missing');
    expect(healthy).not.toContain('What could not be read');
    // Told once, with what else fails for the same reason.
    expect(await words('expired-credentials')).not.toContain('· accounts of the organization');
  });

  it('say which packs a count rests on', async () => {
    const read = packWith('Read', reports('CREATE_FAILED', 1));
    const { url } = await serving(statusOf(storeOf([snapshotOf([read, packOf('Unread')])])));
    const words = async (path: string) => (await get(`${url}${path}`)).replace(/<[^>]*>/g, ' ');
    const overview = await words('/');
    expect(overview).toMatch(/Failed\s+1\s+of the 1 pack that could be read/);
    expect(overview).toContain('of 1 account, in the 1 pack that could be read');
    const accounts = await words('/accounts');
    expect(accounts).toContain('The counts cover the other 1 pack.');
    expect(accounts).toContain('It is not known which accounts are missing.');
    const account = await words('/accounts/000000000001');
    expect(account).toContain('1 failed of 1 pack');
    expect(account).toMatch(/The accounts of\s+1 other pack\s+could not be read,/);
  });

  it('say which failures are no cause for alarm', async () => {
    const { url } = await play('suspended-account');
    expect(await get(url)).toContain('1 failed (1 excused)');
    expect(await get(`${url}${PACK}`)).toContain('Excused: the account is not active, or has left');
  });

  it('say of what is too old that it is withdrawn', async () => {
    const store = storeOf([
      snapshotOf([packWith('Security-Baseline', reports('CREATE_FAILED', 1))]),
    ]);
    const { url } = await serving(statusOf(store, 90_000, 60_000));
    expect(await get(url)).toContain(
      'The state of 1 of 1 pack is unknown; 1 of 1 scope has not been read for too long</h1>',
    );
    const pack = await get(`${url}${PACK}`);
    expect(pack).toContain('Part of this is withdrawn,');
    expect(pack).toContain('1 minute ago');
  });

  it('say which shard they show, so that nobody takes the packs of the others for gone', async () => {
    const store = storeOf([snapshotOf([packWith('Base', reports('CREATE_SUCCESSFUL', 1))])]);
    const { url } = await serving(statusOf(store, 0, 0, { index: 1, total: 3 }));
    expect(await get(url)).toContain('Shard 1 of 3: the packs of the other shards');
    const whole = await serving(statusOf(store));
    expect(await get(whole.url)).not.toContain('Shard');
  });

  it('show a code that is in no table as AWS gave it', async () => {
    const { url } = await play('odd-answers');
    const page = await get(`${url}${PACK}`);
    expect(page).toContain('<code>other: StrangeStrange');
  });

  it('lead to runbooks where there are any', async () => {
    const runbooksUrl = 'https://docs.example.com/runbooks/';
    const { url } = await play('healthy', { runbooksUrl });
    expect(await get(url)).toContain(`<a href="${runbooksUrl}">Runbooks</a>`);
    const without = await play('healthy');
    expect(await get(without.url)).not.toContain('Runbooks');
    for (const base of [runbooksUrl, 'https://docs.example.com/runbooks']) {
      const failing = await play('mass-failure', { runbooksUrl: base });
      const [, href = ''] =
        / href="([^"]*)">What to do about each code</.exec(await get(`${failing.url}${PACK}`)) ??
        [];
      const [, name = ''] = href.split(runbooksUrl);
      expect(await readdir('docs/runbooks')).toContain(name);
    }
    const plain = await play('mass-failure');
    expect(await get(`${plain.url}${PACK}`)).not.toContain('runbook');
  });
});

describe('the files of the pages', () => {
  it('are served as what they are, and may be kept for as long as they do not change', async () => {
    const { url } = await serving(NOTHING_KNOWN);
    const page = await get(url);
    const files = addressesIn(page).filter((address) => address.includes('/assets/'));
    const answers = await Promise.all(files.map((file) => fetch(`${url}${file}`)));
    expect(
      answers.map(({ headers, status }) => [status, headers.get('content-type')]).sort(),
    ).toEqual([
      [200, 'image/svg+xml'],
      [200, 'text/css; charset=utf-8'],
      [200, 'text/javascript; charset=utf-8'],
    ]);
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});
