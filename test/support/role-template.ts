import { parseTemplate, resolveTemplate, type Stack } from './cloudformation.js';
import type { PolicyDocument } from './policy.js';
import { textOf } from './repository.js';

const template = parseTemplate(textOf('deploy/cloudformation/role.yaml'));

/** The stack that the template makes with these parameters. */
export function roleStack(
  parameters: Readonly<Record<string, string>>,
  pseudo: Readonly<Record<string, string>> = {},
): Stack {
  return resolveTemplate(template, parameters, pseudo);
}

interface RoleProperties {
  readonly AssumeRolePolicyDocument: string | PolicyDocument;
  readonly Policies: readonly { readonly PolicyDocument: PolicyDocument }[];
}

/** What the role of such a stack allows, and to whom. */
export function rolePolicies(
  parameters: Readonly<Record<string, string>>,
  pseudo: Readonly<Record<string, string>> = {},
): { readonly policy: PolicyDocument; readonly trust: PolicyDocument } {
  const { Role } = roleStack(parameters, pseudo).resources;
  const { AssumeRolePolicyDocument: trust, Policies } = Role?.Properties as RoleProperties;
  const [inline] = Policies;
  if (inline === undefined) throw new Error('the role has no policy');
  return {
    policy: inline.PolicyDocument,
    trust: typeof trust === 'string' ? (JSON.parse(trust) as PolicyDocument) : trust,
  };
}
