import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** A selector in an expression, and what the linter of dashboards asks about it. */
export interface Selector {
  /** The metric, or the metrics where it is the label `__name__` that says it. */
  readonly metrics: readonly string[];
  /** Matchers by label, as `=~"value"`. */
  readonly matchers: ReadonlyMap<string, string>;
  /** The range, as `5m`; absent where the selector is of instants. */
  readonly range: string | undefined;
  /** The function that it is an argument of, if it is one. */
  readonly calledBy: string | undefined;
}

/** Every selector of an expression of PromQL. Throws where it is not one. */
export function selectorsIn(expression: string): readonly Selector[] {
  const { topNode } = parser.parse(expression);
  const text = ({ from, to }: Node) => expression.slice(from, to);
  const selectors: Selector[] = [];
  const cursor = topNode.cursor();
  do {
    if (cursor.type.isError) {
      throw new Error(
        `Not PromQL at ${expression.slice(cursor.from, cursor.from + 40)}: ${expression}`,
      );
    }
    if (cursor.name === 'VectorSelector') selectors.push(selectorAt(cursor.node, text));
  } while (cursor.next());
  return selectors;
}

/** The labels that an expression groups or joins by. */
export function groupingsIn(expression: string): readonly string[] {
  const { topNode } = parser.parse(expression);
  const labels: string[] = [];
  const cursor = topNode.cursor();
  do {
    if (cursor.name !== 'GroupingLabels') continue;
    labels.push(
      ...cursor.node.getChildren('LabelName').map(({ from, to }) => expression.slice(from, to)),
    );
  } while (cursor.next());
  return labels;
}

function selectorAt(node: Node, text: (node: Node) => string): Selector {
  const matchers = new Map<string, string>();
  for (const matcher of node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []) {
    const [label, operator, value] = childrenOf(matcher).map(text);
    matchers.set(label ?? '', `${operator ?? ''}${value ?? ''}`);
  }
  const identifier = node.getChild('Identifier');
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
  const range = matrix?.lastChild;
  return {
    metrics: identifier === null ? namesIn(matchers.get('__name__') ?? '') : [text(identifier)],
    matchers,
    range: range ? text(range) : undefined,
    calledBy: functionAround(matrix ?? node, text),
  };
}

function namesIn(matcher: string): readonly string[] {
  return (/^=~?"(.*)"$/.exec(matcher)?.[1] ?? '').split('|');
}

function functionAround(node: Node, text: (node: Node) => string): string | undefined {
  const call = node.parent?.parent;
  if (node.parent?.name !== 'FunctionCallBody' || call?.name !== 'FunctionCall') return undefined;
  const name = call.getChild('FunctionIdentifier');
  return name ? text(name) : undefined;
}

function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}
