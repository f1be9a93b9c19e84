import * as config from '@aws-sdk/client-config-service';
import * as organizations from '@aws-sdk/client-organizations';
import * as sts from '@aws-sdk/client-sts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exposedSeries, seriesNamedIn } from '../../support/known-series.js';
import { groupingsIn, selectorsIn } from '../../support/promql.js';
import { loadAlerts, loadRules } from '../../support/rules.js';

const FOLDER = new URL('../../../docs/runbooks/', import.meta.url);
const pages = readdirSync(FOLDER).map((file) => file.replace(/\.md$/, ''));
/** What several runbooks need. */
const SHARED = ['update-a-pack'];
const runbooks = pages.filter((page) => !SHARED.includes(page));
const recorded = loadRules().flatMap(({ record = [] }) => record);
const exposed = exposedSeries();
const labels = new Set([...exposed.values()].flat());
/** What Prometheus adds to every target. */
const OF_SCRAPES = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

const SECTIONS = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'];

it('there is a runbook for every alert, and for nothing else', () => {
  const alerts = new Set(loadAlerts().map(({ alert }) => alert));
  expect([...runbooks].sort()).toEqual([...alerts].sort());
});

const textOf = (page: string) => readFileSync(new URL(`${page}.md`, FOLDER), 'utf8');

it.each(SHARED)('the page %s is one that several runbooks need', (page) => {
  const linking = runbooks.filter((name) => textOf(name).includes(`](${page}.md)`));
  expect(linking.length).toBeGreaterThan(1);
});

it('what asks for an update of the pack says how', () => {
  const asking = runbooks.filter((name) =>
    /\b[Uu]pdate the pack\b/.test(mitigationOf(textOf(name))),
  );
  expect(asking.length).toBeGreaterThan(0);
  for (const name of asking) expect(textOf(name), name).toContain('](update-a-pack.md)');
});

describe.each(runbooks)('the runbook %s', (name) => {
  const text = textOf(name);

  it('has its sections, each with something in it', () => {
    expect(text.startsWith(`# ${name}\n`)).toBe(true);
    const sections = text.split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(SECTIONS);
    for (const section of sections) expect(section.split('\n\n')[1]).toMatch(/\S/);
  });

  it('asks Prometheus for what exists', () => {
    const queries = fences(text, 'promql');
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) {
      for (const { matchers, metrics } of selectorsIn(query)) {
        const metric = metrics.join();
        const known = exposed.get(metric);
        if (known) expect(known, query).toEqual(expect.arrayContaining([...matchers.keys()]));
        else expect([...recorded, ...OF_SCRAPES], query).toContain(metric);
      }
      expect([...labels, 'job', 'instance'], query).toEqual(
        expect.arrayContaining([...groupingsIn(query)]),
      );
    }
    const known: ReadonlySet<string> = new Set([...exposed.keys(), ...recorded, ...labels]);
    expect(seriesNamedIn(text).filter((series) => !known.has(series))).toEqual([]);
  });
});

describe.each(pages)('the page %s', (name) => {
  const text = textOf(name);

  it('asks AWS by operations and options that it has', () => {
    for (const { operation, options, service } of awsCommands(text)) {
      const model = MODELS[service];
      if (model === undefined) expect(OTHER_SERVICES).toContain(service);
      else {
        const members = inputOf(model, operation);
        expect(members, `${service} ${operation}`).toBeDefined();
        expect([...(members ?? []), ...OF_EVERY_COMMAND]).toEqual(
          expect.arrayContaining([...options]),
        );
      }
    }
  });

  it('links to pages that exist', () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)) {
      expect(existsSync(fileURLToPath(new URL(target, FOLDER))), target).toBe(true);
    }
  });
});

/** What it says is to be done. */
function mitigationOf(text: string): string {
  return text.split(/^## Mitigation$/m)[1] ?? '';
}

/** The blocks of code in a language. */
function fences(text: string, language: string): readonly string[] {
  const blocks = text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm);
  return [...blocks].filter(([, , tag]) => tag === language).map(([, , , code = '']) => code);
}

interface AwsCommand {
  readonly service: string;
  readonly operation: string;
  /** Without the dashes before them. */
  readonly options: readonly string[];
}

function awsCommands(text: string): readonly AwsCommand[] {
  const lines = fences(text, 'sh').flatMap((block) => block.replace(/\\\n/g, ' ').split('\n'));
  return lines.flatMap((line) => {
    const [, service, operation] = /^\s*aws (\S+) (\S+)/.exec(line) ?? [];
    if (service === undefined || operation === undefined) return [];
    const options = [...line.matchAll(/ --([a-z0-9-]+)/g)].map(([, option = '']) => option);
    return [{ service, operation, options }];
  });
}

/** The models of the SDK, by the name of the service on the command line. */
const MODELS: Readonly<Record<string, object>> = { configservice: config, organizations, sts };
/** Services whose model is not installed. */
const OTHER_SERVICES = ['cloudformation', 'cloudtrail', 'iam', 'service-quotas'];
const OF_EVERY_COMMAND = ['region', 'query', 'output', 'max-items'];

/** What of an operation's schema in the SDK is used here: the members of its input. */
interface OperationSchema {
  readonly 4: () => { readonly 4?: readonly string[] };
}

/** The options that the members of an operation's input make; `undefined` for no such operation. */
function inputOf(model: object, command: string): readonly string[] | undefined {
  const name = command.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  const schemas = new Map(Object.entries(model) as [string, OperationSchema][]);
  const operation = schemas.get(`${name}$`);
  if (operation === undefined) return undefined;
  const { 4: members = [] } = operation[4]();
  return members.map((member) =>
    member.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, '-$&').toLowerCase(),
  );
}
