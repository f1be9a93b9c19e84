import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMap, isSeq, parse, parseDocument, type YAMLMap } from 'yaml';

/** The folder with the rules, their tests and the example configurations. */
export const DEPLOYED = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url));

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Alert extends Rule {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The comment above it. */
  readonly comment: string;
}

/** One test of a file for promtool, as far as it is looked at here. */
export interface RuleTest {
  readonly name: string;
  readonly input_series: readonly { readonly series: string }[];
  readonly alert_rule_test?: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
  readonly promql_expr_test?: readonly {
    readonly expr: string;
    readonly exp_samples: readonly unknown[];
  }[];
}

/** The names of the YAML files in a folder, without the ending. */
export function namesIn(folder: string): readonly string[] {
  return readdirSync(`${DEPLOYED}${folder}`).map((name) => name.replace(/\.yml$/, ''));
}

export function loadRules(): readonly (Rule & { readonly comment: string })[] {
  return namesIn('rules').flatMap((name) => {
    const document = parseDocument(readFileSync(`${DEPLOYED}rules/${name}.yml`, 'utf8'));
    const groups = document.get('groups');
    if (!isSeq<YAMLMap>(groups)) throw new Error(`${name}: no groups`);
    return groups.items.flatMap((group) => {
      const rules = group.get('rules');
      if (!isSeq(rules)) throw new Error(`${name}: a group without rules`);
      return rules.items.map((item, index) => {
        if (!isMap(item)) throw new Error(`${name}: a rule that is none`);
        // What stands above the first item of a list is the comment of the list.
        const comment = item.commentBefore ?? (index === 0 ? rules.commentBefore : undefined) ?? '';
        return { ...(item.toJS(document) as Rule), comment };
      });
    });
  });
}

export function loadAlerts(): readonly Alert[] {
  return loadRules().filter((rule): rule is Alert => rule.alert !== undefined);
}

export function loadTests(name: string): readonly RuleTest[] {
  const text = readFileSync(`${DEPLOYED}tests/${name}.yml`, 'utf8');
  return (parse(text) as { tests: readonly RuleTest[] }).tests;
}
