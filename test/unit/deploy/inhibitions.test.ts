import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseObjects, problemsOf } from '../../support/kubernetes.js';
import { textOf } from '../../support/repository.js';

const objects = parseObjects(textOf('deploy/kubernetes/alertmanager-config.yaml'));

interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

/** A matcher such as `severity="critical"`, as the Prometheus operator has it. */
function operatorMatcher(matcher: string): object {
  const [, name, matchType, value] = /^(\w+)(=~|=)"(.*)"$/.exec(matcher) ?? [];
  return { name, matchType, value };
}

it('the inhibitions for the Prometheus operator are those of the example for Alertmanager', () => {
  const { inhibit_rules } = parse(textOf('deploy/prometheus/alertmanager.yml')) as {
    inhibit_rules: readonly Inhibition[];
  };
  expect(inhibit_rules.length).toBeGreaterThan(0);
  expect(objects.map(({ spec }) => spec)).toEqual([
    {
      inhibitRules: inhibit_rules.map(({ equal, source_matchers, target_matchers }) => ({
        sourceMatch: source_matchers.map(operatorMatcher),
        targetMatch: target_matchers.map(operatorMatcher),
        equal,
      })),
    },
  ]);
});

it('the inhibitions for the Prometheus operator are an object that it knows', () => {
  expect(problemsOf(objects)).toEqual([]);
});
