import { describe, expect, it } from 'vitest';
import { parseTemplate, resolveTemplate } from '../../support/cloudformation.js';
import { commandsOf, linesOf, pagesOf, textOf, type Commands } from '../../support/repository.js';
import { awsLook, awsSetup, guard } from '../../support/stages/aws.js';
import { fireDrill } from '../../support/stages/fire-drill.js';
import { helmTemplate, kustomize } from '../../support/stages/kubernetes.js';
import { prometheusRules } from '../../support/stages/prometheus.js';
import { readme, readmeDemo } from '../../support/stages/readme.js';
import { runbookAws, runbookExporter } from '../../support/stages/runbooks.js';
import type { Stage } from '../../support/stages/stage.js';
import { systemd } from '../../support/stages/systemd.js';
import { terraformModule } from '../../support/stages/terraform.js';

/** Installing and building a checkout, on a busy machine, is the slowest that is done. */
const PATIENCE_MS = 6 * 60_000;

const STAGES = {
  readme,
  readmeDemo,
  awsSetup,
  awsLook,
  guard,
  fireDrill,
  kustomize,
  helmTemplate,
  prometheusRules,
  runbookAws,
  runbookExporter,
  systemd,
  terraformModule,
};

const ALL = pagesOf().flatMap((page) => commandsOf(page));
const TO_RUN = ALL.filter(({ notRun }) => notRun === undefined);

const isFor = ({ pages, takes = /^/ }: Stage, { page, text }: Commands) =>
  pages.test(page) && takes.test(text);

/** Commands that no stage runs, or more than one. */
const astray = (commands: readonly Commands[]) =>
  commands.filter(
    (each) =>
      each.notRun === undefined &&
      Object.values(STAGES).filter((stage) => isFor(stage, each)).length !== 1,
  );

describe('every command of every page', () => {
  it('is run below, or its page says why it is not', () => {
    expect(TO_RUN.length).toBeGreaterThan(40);
    expect(astray(ALL)).toEqual([]);
  });

  it.each([
    ['in a shell of any name', 'console'],
    ['in no language', ''],
    ['in a language that nobody knows', 'fish'],
  ])('would be missed %s', (_, language) => {
    const page = `Text.\n\n\`\`\`${language}\n$ no-such-program\n\`\`\`\n`;
    expect(astray(commandsOf('docs/aws.md', page))).toHaveLength(1);
  });

  it.each([
    ['in a list', '1. Do this:\n\n   ```sh\n   no-such-program\n   ```\n'],
    ['in a quotation', '> ```sh\n> no-such-program\n> ```\n'],
    ['between tildes', '~~~sh\nno-such-program\n~~~\n'],
    ['below a mark for others', '<!-- not run: why -->\n\nText.\n\n```sh\nno-such-program\n```\n'],
    ['below a mark without a reason', '<!-- not run -->\n\n```sh\nno-such-program\n```\n'],
  ])('would be missed %s', (_, text) => {
    expect(astray(commandsOf('docs/new.md', text)).map((each) => each.text)).toEqual([
      'no-such-program',
    ]);
  });

  it('need not be run where the page says why', () => {
    const text = '<!-- not run: it takes a day -->\n\n```sh\nno-such-program\n```\n';
    expect(astray(commandsOf('docs/new.md', text))).toEqual([]);
  });
});

describe.each(Object.entries(STAGES))('the stage %s', (_, stage) => {
  const commands = TO_RUN.filter((each) => isFor(stage, each));
  const pages = [...new Set(commands.map(({ page }) => page))];

  it('has something to run', () => {
    expect(commands).not.toEqual([]);
  });

  stage.describe(pages.join(', '), (open) => {
    it(`runs ${commands.length} blocks of commands`, { timeout: PATIENCE_MS }, async () => {
      const play = await open();
      for (const { page, text } of commands) {
        await play(text).catch((error: unknown) => {
          throw new Error(`${page}:\n${text}`, { cause: error });
        });
      }
    });
  });
});

describe('scripts of npm', () => {
  it('are there wherever a page speaks of them', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: object };
    const named = pagesOf().flatMap((page) =>
      [...textOf(page).matchAll(/`npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('what the pages deploy', () => {
  const deployed = ALL.flatMap(({ text }) => linesOf(text))
    .filter((line) => line.startsWith('aws cloudformation deploy '))
    .map((line) => [line.split(' ')] as const);

  it.each(deployed)('goes with its template: %s', (words) => {
    const option = (name: string) => words[words.indexOf(name) + 1] ?? '';
    const overrides = words
      .slice(words.indexOf('--parameter-overrides') + 1)
      .map((word) => word.split(/=(.*)/s).slice(0, 2) as [string, string]);
    expect(overrides.length).toBeGreaterThan(0);
    const template = parseTemplate(textOf(option('--template-file')));
    for (const [name, value] of overrides) {
      const { AllowedPattern = '.*', AllowedValues, Type } = template.Parameters[name] ?? {};
      expect(Type, name).toBeDefined();
      expect(value).toMatch(new RegExp(`^(?:${AllowedPattern})$`));
      if (AllowedValues !== undefined) expect(AllowedValues).toContain(value);
    }
    expect(resolveTemplate(template, Object.fromEntries(overrides)).refusals).toEqual([]);
  });
});
