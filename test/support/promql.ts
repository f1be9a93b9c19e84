import { parser } from '@prometheus-io/lezer-promql';

/** What an expression selects, and by which labels. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
  /** Whether it selects a range, as rates and increases take it. */
  readonly range: boolean;
}

export interface Expression {
  readonly selectors: readonly Selector[];
  /** Labels of `by`, `without`, `on`, `ignoring` and `group_left`. */
  readonly groupings: readonly string[];
}

/** Throws where PromQL's own grammar finds an error. */
export function parsePromql(text: string): Expression {
  const selectors: Selector[] = [];
  const groupings: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${text}`);
      const own = (name: string) => {
        const labels: string[] = [];
        node.node.cursor().iterate((inner) => {
          if (inner.name === name) labels.push(text.slice(inner.from, inner.to));
        });
        return labels;
      };
      if (node.name === 'GroupingLabels') groupings.push(...own('LabelName'));
      if (node.name === 'VectorSelector') {
        const [metric = ''] = own('Identifier');
        const range = node.node.parent?.name === 'MatrixSelector';
        selectors.push({ metric, labels: own('LabelName'), range });
      }
    },
  });
  return { selectors, groupings };
}
