import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Store } from '../../src/refresh/store.js';
import { serving } from '../support/app.js';
import { expectAccessible, launch, open } from '../support/browser.js';
import { accountId, learnOrganization, packWith, reports } from '../support/moment.js';
import { Daemon } from '../support/program.js';
import { completeWith, snapshotOf, storeOf } from '../support/render.js';
import { describeWith } from '../support/servers.js';
import { statusOf } from '../support/status.js';

const PACK = '/packs/default/eu-west-1/Security-Baseline';

/** A demo after its first refresh, with data that then stays as it is. */
async function startDemo(scenario: string): Promise<string> {
  const daemon = new Daemon([
    `--demo=${scenario}`,
    '--web.listen-address=127.0.0.1:0',
    '--refresh.interval=1h',
  ]);
  const url = await daemon.url();
  await daemon.logged('refreshed', 2);
  await daemon.logged('accounts_read');
  return url;
}

/** The first cell of each row of the list with this id. */
function rowsOf(page: Page, list: string): Promise<string[]> {
  return page.locator(`#${list} tbody th a`).allTextContents();
}

/** What a browser does that comes back to a page. */
function comeBack(page: Page): Promise<unknown> {
  return page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}

/** On how many lines the text of an element stands. */
function linesOf(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`{
    const texts = [...document.querySelector('${selector}').childNodes].filter(
      ({ nodeType }) => nodeType === Node.TEXT_NODE,
    );
    const range = document.createRange();
    const bottoms = texts.flatMap((text) => {
      range.selectNode(text);
      return [...range.getClientRects()].map(({ bottom }) => Math.round(bottom));
    });
    new Set(bottoms).size;
  }`);
}

describeWith('chromium')('the pages in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('show the failing pack, and lead to its accounts and on to all packs of one', async () => {
    const url = await startDemo('stuck-rollup');
    const { complaints, page } = await open(browser, url);
    expect(await page.locator('h1').textContent()).toBe('2 of 12 packs have failed, in 1 account');
    const first = page.locator('#packs-list tbody tr').first();
    expect(await first.textContent()).toMatch(
      /Security-Baseline.*Failed.*1 failed.*39 of 40 done.*Create in progress.*Accounts disagree/,
    );
    await first.getByRole('link', { name: 'Security-Baseline' }).click();
    const account = page.locator('#accounts-list tbody tr').first();
    expect(await account.textContent()).toContain('NoAvailableConfigurationRecorder');
    await account.getByRole('link').click();
    expect(await page.locator('.facts').textContent()).toContain('2 failed of 12 packs');
    expect(complaints).toEqual([]);
  });

  it('find an account while somebody types, and keep the address', async () => {
    const url = await startDemo('mass-failure');
    const { complaints, page } = await open(browser, `${url}${PACK}?limit=10`);
    const all = await rowsOf(page, 'accounts-list');
    expect(all).toHaveLength(10);
    expect(await page.getByRole('link', { name: 'Reset' }).count()).toBe(0);
    await page.getByRole('combobox', { name: 'Standing' }).selectOption('Successful');
    await page.getByRole('link', { name: 'Reset' }).waitFor();
    await page.locator('#shown', { hasText: /^8 accounts$/ }).waitFor();
    await page.getByRole('searchbox').pressSequentially('0005');
    await page.locator('#shown', { hasText: /^1 account$/ }).waitFor();
    expect(await rowsOf(page, 'accounts-list')).toHaveLength(1);
    expect(page.url()).toMatch(/\?q=0005&standing=successful&limit=10$/);
    expect(await page.locator('#downloads a').first().getAttribute('href')).toContain('q=0005');
    // The address leads to the same again.
    await page.reload();
    expect(await page.getByRole('searchbox').inputValue()).toBe('0005');
    expect(await rowsOf(page, 'accounts-list')).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it('sort and turn over by clicking', async () => {
    const url = await startDemo('mass-failure');
    const { complaints, page } = await open(browser, `${url}${PACK}?standing=failed&limit=10`);
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    const names = await rowsOf(page, 'accounts-list');
    expect(names).toEqual(names.toSorted());
    await page.getByRole('link', { name: 'Next' }).click();
    const more = await rowsOf(page, 'accounts-list');
    expect([...names, ...more]).toEqual([...names, ...more].toSorted());
    expect(new Set([...names, ...more]).size).toBe(20);
    expect(await page.locator('.pager').textContent()).toContain('Page 2 of 4');
    expect(complaints).toEqual([]);
  });

  it('show markup in messages as text, and unfold it by the keyboard', async () => {
    const url = await startDemo('odd-answers');
    const { complaints, page } = await open(browser, `${url}${PACK}`);
    const message = page.locator('#accounts-list details').first();
    expect(await message.locator('summary').textContent()).toMatch(
      /^<script>alert\(\d+\)<\/script>/,
    );
    expect(await page.locator('script').count()).toBe(1);
    await message.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await message.locator('p').isVisible()).toBe(true);
    // What has been unfolded stays so when the page looks again.
    await page.evaluate("document.querySelector('#accounts-list details').dataset.old = 'yes'");
    await comeBack(page);
    await page.locator('[data-old]').waitFor({ state: 'detached' });
    expect(await message.locator('p').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'can be used by everybody, in the %s',
    async (colorScheme) => {
      const url = await startDemo('rollout');
      const { complaints, page } = await open(browser, url, { colorScheme });
      await expectAccessible(page);
      const ground = await page.evaluate<string>(
        'getComputedStyle(document.documentElement).backgroundColor',
      );
      const [red = 0] = (ground.match(/\d+/g) ?? []).map(Number);
      expect(red < 128).toBe(colorScheme === 'dark');
      await page.goto(`${url}${PACK}`);
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Accounts', exact: true }).click();
      await expectAccessible(page);
      await page.locator('#accounts-list tbody a').first().click();
      await expectAccessible(page);
      expect(complaints).toEqual([]);
    },
  );

  it('can be used by everybody where nothing could be read, and where a page is missing', async () => {
    const daemon = new Daemon(['--demo=expired-credentials', '--web.listen-address=127.0.0.1:0']);
    const url = await daemon.url();
    await daemon.logged('refreshed', 2);
    const { page } = await open(browser, url);
    expect(await page.locator('h1').textContent()).toBe('Nothing could be read from AWS');
    expect(await page.locator('.troubles').textContent()).toContain('The security token');
    await expectAccessible(page);
    await page.goto(`${url}/accounts/1`);
    await expectAccessible(page);
  });

  it('fit a telephone', async () => {
    const url = await startDemo('rollout');
    const viewport = { width: 360, height: 740 };
    const { page } = await open(browser, url, { viewport });
    for (const path of ['/', PACK, '/accounts']) {
      await page.goto(`${url}${path}`);
      const width = await page.evaluate<number>('document.scrollingElement.scrollWidth');
      expect([path, width]).toEqual([path, 360]);
      await expectAccessible(page);
    }
  });

  it.each([1280, 360])('break no id and no mark in two, %i pixels wide', async (width) => {
    const failed = reports('UPDATE_FAILED', 1).map((report) => ({
      ...report,
      updatedAt: 0,
      errorCode: 'NoAvailableConfigurationRecorder',
      errorMessage: 'arn:aws:iam::123456789012:role/'.padEnd(159, 'x'),
    }));
    const store = storeOf([snapshotOf([packWith('Security-Baseline', failed)])]);
    const unitPath = 'Root/Workloads/Production/Payments/Settlement/Europe';
    learnOrganization(store, [{ id: accountId(1), state: 'PENDING_CLOSURE', unitPath }]);
    const { url } = await serving(statusOf(store));
    const { page } = await open(browser, `${url}${PACK}`, { viewport: { width, height: 800 } });
    for (const part of ['th .id', '.chip', '.badge', 'time']) {
      expect([part, await linesOf(page, `#accounts-list tbody ${part}`)]).toEqual([part, 1]);
    }
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(width);
  });

  it('work without a script', async () => {
    const url = await startDemo('mass-failure');
    const { page } = await open(browser, url, { javaScriptEnabled: false });
    expect(await page.locator('h1').textContent()).toContain('2 of 12 packs have failed');
    await page.getByRole('searchbox').fill('baseline');
    await page.getByRole('combobox', { name: 'Region' }).selectOption('us-east-1');
    await page.getByRole('button', { name: 'Filter' }).click();
    expect(await rowsOf(page, 'packs-list')).toEqual(['Security-Baseline']);
    await page.goto(`${url}${PACK}?limit=30`);
    await page.getByRole('link', { name: 'Next' }).click();
    expect(await rowsOf(page, 'accounts-list')).toHaveLength(10);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Security-Baseline-eu-west-1.csv');
  });

  it('before the first refresh say so, and show what there is as soon as there is something', async () => {
    const scope = { source: 'default', region: 'eu-west-1' };
    const store = new Store([{ scope, expectedPacks: [] }]);
    const { url } = await serving(statusOf(store));
    const { complaints, page } = await open(browser, url);
    const headline = page.locator('h1');
    expect(await headline.textContent()).toBe('AWS is being read for the first time');
    await expectAccessible(page);
    completeWith(store, snapshotOf([packWith('Base', reports('CREATE_SUCCESSFUL', 1))]));
    await page.locator('h1', { hasText: 'Every pack is complete' }).waitFor();
    expect(await rowsOf(page, 'packs-list')).toEqual(['Base']);
    // The form that came later filters while somebody types, too.
    await page.getByRole('searchbox').pressSequentially('nothing');
    await page.locator('#shown', { hasText: /^No pack matches$/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('follow what changes, without taking away what somebody is at', async () => {
    const store = storeOf([
      snapshotOf(['A', 'B'].map((name) => packWith(name, reports('CREATE_SUCCESSFUL', 1)))),
    ]);
    const listener = await serving(statusOf(store));
    const { page } = await open(browser, listener.url);
    await page.getByRole('link', { name: 'A', exact: true }).focus();
    const failing = packWith('B', reports('CREATE_FAILED', 1), { status: 'CREATE_FAILED' });
    completeWith(store, snapshotOf([packWith('A', reports('CREATE_SUCCESSFUL', 1)), failing]));
    await comeBack(page);
    await page.locator('h1', { hasText: '1 of 2 packs' }).waitFor();
    expect(await page.title()).toContain('1 of 2 packs has failed');
    expect(await rowsOf(page, 'packs-list')).toEqual(['B', 'A']);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('A');
    await listener.stop(0);
    await comeBack(page);
    await page.locator('#offline').waitFor({ state: 'visible' });
    expect(await page.locator('#offline').textContent()).toContain('The exporter does not answer.');
    expect(await rowsOf(page, 'packs-list')).toEqual(['B', 'A']);
  });
});
