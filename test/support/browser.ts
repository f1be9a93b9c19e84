import axe, { type AxeResults } from 'axe-core';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { pathOf } from './servers.js';

/** Debian's Chromium. To be closed by whoever asked for it. */
export function launch(): Promise<Browser> {
  const executablePath = pathOf('chromium');
  if (executablePath === undefined) throw new Error('chromium is not installed');
  return chromium.launch({ executablePath });
}

/** What somebody has before them, and whatever the browser complained about. */
export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console, uncaught exceptions and violations of the content security policy. */
  readonly complaints: readonly string[];
}

const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) =>
  console.error('violated', violatedDirective, blockedURI))`;

/** A page that lives as long as the test, in a browser that knows nothing of other tests. */
export async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  if (options.javaScriptEnabled !== false) await page.addInitScript(TELL_VIOLATIONS);
  await page.goto(url);
  return { page, context, complaints };
}

/** Nothing about the page keeps anybody from using it, as far as a machine can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  // As the debugger's, so that it is not subject to the policy of the page.
  await page.evaluate(axe.source);
  const { incomplete, passes, violations } = await page.evaluate<AxeResults>('axe.run(document)');
  const told = (results: AxeResults['violations']) =>
    results.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  expect([page.url(), told(violations)]).toEqual([page.url(), []]);
  const serious = incomplete.filter(({ impact }) => impact === 'critical');
  expect([page.url(), told(serious)]).toEqual([page.url(), []]);
  expect(passes.length).toBeGreaterThan(10);
}
