import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { parseObjects, type KubernetesObject } from './kubernetes.js';
import { pathOf } from './repository.js';

const execute = promisify(execFile);

export const CHART = 'deploy/helm/conformance-pack-exporter';

/** The files of values that stand for a way to run the exporter each, by their names. */
export const WAYS = readdirSync(pathOf(`${CHART}/ci`)).map((name) =>
  name.replace(/-values\.yaml$/, ''),
);

export const valuesFile = (way: string) => pathOf(`${CHART}/ci/${way}-values.yaml`);

/** What Helm prints; rejects with what it said where it fails. */
export async function helm(...args: readonly string[]): Promise<string> {
  const options = { cwd: pathOf('.'), maxBuffer: 2 ** 26 };
  return (await execute('helm', args, options)).stdout;
}

const TEMPLATE = ['template', 'conformance-pack-exporter', CHART, '--namespace=monitoring'];

/** The objects of a way to run the exporter. */
export async function renderWay(way: string): Promise<readonly KubernetesObject[]> {
  return parseObjects(await helm(...TEMPLATE, `--values=${valuesFile(way)}`));
}

/** The objects that values make. */
export async function render(values: unknown = {}): Promise<readonly KubernetesObject[]> {
  return parseObjects(await templated(values));
}

/** Why values are refused; throws where they are not. */
export async function refusal(values: unknown): Promise<string> {
  const said = await templated(values).then(
    () => undefined,
    (error: unknown) => (error as { stderr: string }).stderr,
  );
  if (said === undefined) throw new Error(`${JSON.stringify(values)} are not refused`);
  return said;
}

async function templated(values: unknown): Promise<string> {
  const child = execute('helm', [...TEMPLATE, '--values=-'], {
    cwd: pathOf('.'),
    maxBuffer: 2 ** 26,
  });
  // YAML takes JSON, in which no text is taken for anything else.
  child.child.stdin?.end(JSON.stringify(values));
  return (await child).stdout;
}

/** The one object of a kind; throws where there are none or several. */
export function only(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const [object, ...others] = objects.filter((each) => each.kind === kind);
  if (object === undefined || others.length > 0) throw new Error(`not one ${kind}`);
  return object;
}
