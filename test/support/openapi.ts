import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

export const OPENAPI_FILE = fileURLToPath(new URL('../../docs/openapi.yaml', import.meta.url));

type Node = Record<string, unknown>;

interface Operation {
  readonly parameters?: readonly Node[];
  readonly responses: Record<string, Node>;
}

interface PathItem {
  readonly parameters?: readonly Node[];
  readonly get: Operation;
}

export interface Description {
  readonly paths: Record<string, PathItem>;
  readonly security: readonly Node[];
  readonly components: {
    readonly schemas: Record<string, Node>;
    readonly securitySchemes: Record<string, Node>;
  };
}

/** A parameter of a query, as it is documented. */
export interface DocumentedParameter {
  readonly name: string;
  readonly schema: { readonly enum?: readonly string[]; readonly default?: unknown } & Node;
}

/** An answer of the API. */
export interface DocumentedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The description of the API, and what it says of answers. */
export class OpenApi {
  readonly description: Description;
  readonly #ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });

  constructor() {
    this.description = parse(readFileSync(OPENAPI_FILE, 'utf8')) as Description;
    addFormats.default(this.#ajv);
    for (const [name, schema] of Object.entries(this.description.components.schemas)) {
      this.#ajv.addSchema(closed(schema, false), `urn:open:${name}`);
      this.#ajv.addSchema(closed(schema, true), `urn:closed:${name}`);
    }
  }

  /** The parameters of the query of a path. */
  queryOf(path: string): readonly DocumentedParameter[] {
    const parameters = (this.#get(path).parameters ?? []).map((parameter) =>
      this.#resolved(parameter),
    );
    return parameters
      .filter((parameter) => parameter['in'] === 'query')
      .map(({ name, schema }) => ({
        name: String(name),
        schema: this.#resolved(schema as Node),
      }));
  }

  /** What is wrong with an answer to a path; empty where it is as documented. */
  problemsOf(path: string, answer: DocumentedAnswer): readonly string[] {
    const reference = this.#get(path).responses[String(answer.status)];
    if (reference === undefined) return [`${path} is not to answer ${answer.status}`];
    const response = this.#resolved(reference);
    const content = response['content'] as Record<string, Node> | undefined;
    const absent = Object.keys(response['headers'] ?? {}).filter(
      (name) => !answer.headers.has(name),
    );
    if (absent.length > 0) return absent.map((name) => `${path} is to have the header ${name}`);
    const [mediaType = ''] = (answer.headers.get('content-type') ?? '').split(';');
    const schema = content?.[mediaType]?.['schema'];
    if (schema === undefined) return [`${path} is not to answer with ${mediaType}`];
    const validate: ValidateFunction = this.#ajv.compile(closed(schema as Node, true));
    if (validate(answer.body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${path}: ${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  }

  #get(path: string): Operation {
    const item = this.description.paths[path];
    if (item === undefined) throw new Error(`${path} is not documented`);
    return item.get;
  }

  #resolved(node: Node): Node {
    const reference = node['$ref'];
    if (typeof reference !== 'string') return node;
    let found: unknown = this.description;
    for (const key of reference.split('/').slice(1)) found = (found as Node)[key];
    return found as Node;
  }
}

/**
 * A schema that takes no field beyond those that it names. What it is made of by `allOf` has to stay
 * open, since each part sees the fields of the others.
 */
function closed(schema: Node, isWhole: boolean): Node {
  const copy: Node = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref') {
      const name = String(value).split('/').at(-1) ?? '';
      copy[key] = `urn:${isWhole ? 'closed' : 'open'}:${name}`;
    } else if (key === 'properties') {
      const properties = Object.entries(value as Record<string, Node>);
      copy[key] = Object.fromEntries(properties.map(([name, each]) => [name, closed(each, true)]));
    } else if (key === 'items') copy[key] = closed(value as Node, true);
    else if (key === 'allOf') copy[key] = (value as Node[]).map((part) => closed(part, false));
    else copy[key] = value;
  }
  if (isWhole && 'properties' in schema) copy['unevaluatedProperties'] = false;
  return copy;
}
