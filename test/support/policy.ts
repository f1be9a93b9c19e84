/** A statement of an IAM policy, as this repository writes them. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** All actions that a policy names, as it writes them. */
export function actionsOf({ Statement }: PolicyDocument): readonly string[] {
  return [...new Set(Statement.flatMap(({ Action }) => Action))].sort();
}

/** Whether a policy of allowing statements without conditions allows an action on a resource. */
export function allows(policy: PolicyDocument, action: string, resource: string): boolean {
  return policy.Statement.some(
    ({ Action, Effect, Resource = [] }) =>
      Effect === 'Allow' &&
      [Action].flat().some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      [Resource].flat().some((pattern) => matches(pattern, resource)),
  );
}

/** Whether a policy allows an action on anything at all. */
export function mentions({ Statement }: PolicyDocument, action: string): boolean {
  return Statement.some(({ Action }) =>
    [Action].flat().some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())),
  );
}

/** IAM's patterns: `*` is any text, `?` any character. Segments of an ARN are not kept apart. */
function matches(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${source.replace(/\?/g, '.')}$`).test(text);
}
