import { isCollection, parse, type CollectionTag, type ScalarTag } from 'yaml';

/** The functions of CloudFormation that the templates of this repository use. */
const FUNCTIONS = ['And', 'Equals', 'GetAtt', 'If', 'Not', 'Split', 'Sub'];

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Branch = { readonly [key: string]: Json };

export interface Parameter {
  readonly Type: string;
  readonly Default?: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly (string | number)[];
}

export interface Template {
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Rules?: Readonly<Record<string, Rule>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Rule {
  readonly RuleCondition?: Json;
  readonly Assertions: readonly { readonly Assert: Json; readonly AssertDescription: string }[];
}

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  // What stands in it is the business of whoever reads it.
  readonly Properties: unknown;
}

/** Reads a template with its short forms, such as `!Sub`. */
export function parseTemplate(text: string): Template {
  const customTags = [...FUNCTIONS, 'Ref', 'Condition'].flatMap(tagsOf);
  return parse(text, { customTags }) as Template;
}

function tagsOf(name: string): (ScalarTag | CollectionTag)[] {
  const key = FUNCTIONS.includes(name) ? `Fn::${name}` : name;
  const argument = (value: string) => (name === 'GetAtt' ? value.split('.') : value);
  const tag = `!${name}`;
  return [
    { tag, resolve: (value: string) => ({ [key]: argument(value) }) },
    {
      tag,
      collection: 'seq',
      resolve: (node) => ({ [key]: isCollection(node) ? (node.toJSON() as unknown) : node }),
    },
  ];
}

export interface Stack {
  /** Those whose condition holds, resolved. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** What the template's rules have against the parameters. */
  readonly refusals: readonly string[];
}

/** Where stacks of the tests are. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::StackName': 'stack',
};

const NO_VALUE = Symbol('AWS::NoValue');

/** What CloudFormation makes of a template with these parameters. */
export function resolveTemplate(
  template: Template,
  parameters: Readonly<Record<string, string>>,
  pseudo: Readonly<Record<string, string>> = {},
): Stack {
  const values = new Map<string, string | readonly string[]>(
    Object.entries({ ...PSEUDO, ...pseudo }),
  );
  for (const [name, { Default, Type }] of Object.entries(template.Parameters)) {
    const value = parameters[name] ?? Default;
    if (value === undefined) throw new Error(`no value for parameter ${name}`);
    values.set(name, Type.startsWith('List<') ? value.split(',') : value);
  }
  const scope = new Scope(template, values);
  const refusals = Object.values(template.Rules ?? {})
    .filter(({ RuleCondition }) => RuleCondition === undefined || scope.holds(RuleCondition))
    .flatMap(({ Assertions }) => Assertions)
    .filter(({ Assert }) => !scope.holds(Assert))
    .map(({ AssertDescription }) => AssertDescription);
  const resources = Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
    .map(([name, { Properties, Type }]) => [
      name,
      { Type, Properties: scope.value(Properties as Json) },
    ]);
  return { resources: Object.fromEntries(resources) as Stack['resources'], refusals };
}

class Scope {
  readonly #template: Template;
  readonly #values: ReadonlyMap<string, string | readonly string[]>;

  constructor(template: Template, values: ReadonlyMap<string, string | readonly string[]>) {
    this.#template = template;
    this.#values = values;
  }

  condition(name: string): boolean {
    const condition = this.#template.Conditions?.[name];
    if (condition === undefined) throw new Error(`no condition ${name}`);
    return this.holds(condition);
  }

  holds(expression: Json): boolean {
    const [[name, argument] = ['', null]] = Object.entries(expression as Branch);
    const list = Array.isArray(argument) ? (argument as readonly Json[]) : [];
    switch (name) {
      case 'Condition':
        return this.condition(argument as string);
      case 'Fn::And':
        return list.every((each) => this.holds(each));
      case 'Fn::Not':
        return !list.every((each) => this.holds(each));
      case 'Fn::Equals': {
        const [left, right] = list.map((each) => JSON.stringify(this.value(each)));
        return left === right;
      }
      default:
        throw new Error(`${name} is no condition`);
    }
  }

  value(json: Json): unknown {
    if (Array.isArray(json)) {
      const items = (json as readonly Json[]).map((item) => this.value(item));
      return items.filter((item) => item !== NO_VALUE);
    }
    if (typeof json !== 'object' || json === null) return json;
    const entries = Object.entries(json);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined && /^(Ref$|Fn::)/.test(first[0])) {
      return this.#call(first[0], first[1]);
    }
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, this.value(item)] as const)
        .filter(([, item]) => item !== NO_VALUE),
    );
  }

  #call(name: string, argument: Json): unknown {
    const list = Array.isArray(argument) ? (argument as readonly Json[]) : [];
    switch (name) {
      case 'Ref':
        return this.#reference(argument as string);
      case 'Fn::GetAtt':
        return `<${(list as readonly string[]).join('.')}>`;
      case 'Fn::If': {
        const [condition, yes = null, no = null] = list;
        return this.value(this.condition(condition as string) ? yes : no);
      }
      case 'Fn::Split': {
        const [separator = '', text = ''] = list;
        return (this.value(text) as string).split(separator as string);
      }
      case 'Fn::Sub':
        return (argument as string).replace(/\$\{([\w:]+)\}/g, (_, variable: string) =>
          String(this.#reference(variable)),
        );
      default:
        throw new Error(`${name} is not understood`);
    }
  }

  #reference(name: string): unknown {
    if (name === 'AWS::NoValue') return NO_VALUE;
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    if (name in this.#template.Resources) return `<${name}>`;
    throw new Error(`nothing is named ${name}`);
  }
}
