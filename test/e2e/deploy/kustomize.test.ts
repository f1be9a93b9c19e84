import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { temporaryFolder } from '../../support/files.js';
import { only, render } from '../../support/helm.js';
import {
  beyondRestricted,
  parseObjects,
  podOf,
  problemsOf,
  type KubernetesObject,
} from '../../support/kubernetes.js';
import { run } from '../../support/program.js';
import { exporterOf, laidOut } from '../../support/release.js';
import { fencesOf, pathOf, textOf } from '../../support/repository.js';
import { describeWith } from '../../support/servers.js';

const execute = promisify(execFile);

const FOLDER = 'deploy/kubernetes';
const OVERLAYS = readdirSync(pathOf(`${FOLDER}/overlays`));
const COMPONENTS = readdirSync(pathOf(`${FOLDER}/components`));

async function kustomize(folder: string): Promise<readonly KubernetesObject[]> {
  return parseObjects((await execute('kubectl', ['kustomize', folder])).stdout);
}

const overlay = (name: string) => kustomize(pathOf(`${FOLDER}/overlays/${name}`));

/** What an overlay of one's own makes, beside those that are there. */
async function ownOverlay(kustomization: object): Promise<readonly KubernetesObject[]> {
  const folder = await temporaryFolder();
  await cp(pathOf(FOLDER), folder, { recursive: true });
  await mkdir(join(folder, 'overlays/mine'));
  await writeFile(join(folder, 'overlays/mine/kustomization.yaml'), stringify(kustomization));
  return kustomize(join(folder, 'overlays/mine'));
}

describeWith('kubectl')('kubectl kustomize', () => {
  it.each([
    ['one-process', ['ConfigMap', 'Deployment', 'Service', 'ServiceAccount']],
    [
      'three-shards',
      ['ConfigMap', 'PodDisruptionBudget', 'Service', 'ServiceAccount', 'StatefulSet'],
    ],
  ])('makes of %s what Kubernetes knows', async (name, kinds) => {
    expect(OVERLAYS).toContain(name);
    const objects = await overlay(name);
    expect(objects.map(({ kind }) => kind).sort()).toEqual(kinds);
    expect(problemsOf(objects)).toEqual([]);
    for (const { metadata } of objects) {
      expect(metadata.namespace).toBe('monitoring');
      expect(metadata.labels).toEqual({ 'app.kubernetes.io/name': 'conformance-pack-exporter' });
    }
  });

  it.each(OVERLAYS)(
    'makes pods of %s that the Pod Security Standard restricted lets in',
    async (name) => {
      const pods = (await overlay(name)).flatMap((object) => podOf(object) ?? []);
      expect(pods).toHaveLength(1);
      expect(pods.flatMap(beyondRestricted)).toEqual([]);
    },
  );

  it.each(OVERLAYS)('starts the program of %s with what it takes', async (name) => {
    const objects = await overlay(name);
    const { args, environment } = await laidOut(objects);
    const { stderr, stdout } = await run(['--config.check', ...args], environment);
    expect(stdout, stderr).toBe('The configuration is valid.\n');
    const { pod } = exporterOf(objects);
    const config = only(objects, 'ConfigMap').metadata.name;
    expect(pod.spec.volumes).toContainEqual({ name: 'config', configMap: { name: config } });
  });

  it('has as many shards as it tells each of them', async () => {
    const objects = await overlay('three-shards');
    const { container } = exporterOf(objects);
    const { spec } = only(objects, 'StatefulSet');
    expect(spec).toMatchObject({
      replicas: 3,
      podManagementPolicy: 'Parallel',
      serviceName: only(objects, 'Service').metadata.name,
    });
    expect(spec).not.toHaveProperty('strategy');
    expect(container.args).toContain('--shard.total=3');
    const { args, environment } = await laidOut(objects, 'conformance-pack-exporter-3');
    const { stderr } = await run(['--config.check', ...args], environment);
    expect(stderr).toContain('is 3, and there is none above 2');
  });

  it('takes an image, an annotation for IRSA and components, as docs/kubernetes.md says', async () => {
    const [fence] = fencesOf(textOf('docs/kubernetes.md')).filter(({ text }) =>
      text.includes('kind: Kustomization'),
    );
    const mine = parse(fence?.text ?? '') as { components: readonly string[] };
    expect(mine.components).toHaveLength(COMPONENTS.length);
    const objects = await ownOverlay(mine);
    expect(problemsOf(objects)).toEqual([]);
    expect(objects.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['NetworkPolicy', 'PodMonitor']),
    );
    expect(only(objects, 'ServiceAccount').metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::444455556666:role/conformance-pack-exporter-irsa',
    });
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    expect(exporterOf(objects).container.image).toBe(
      `444455556666.dkr.ecr.eu-west-1.amazonaws.com/conformance-pack-exporter:${version}`,
    );
  });
});

/** What a manifest says beside its names, which each of the two ways has its own for. */
function essence({ spec = {} }: KubernetesObject, config: string): unknown {
  const text = JSON.stringify(spec).replaceAll(config, 'conformance-pack-exporter');
  return JSON.parse(text, (key, value: unknown) =>
    /^(metadata|matchLabels|selector|podSelector)$/.test(key) ? undefined : value,
  );
}

describeWith('helm', 'kubectl')('the two ways to install the exporter', () => {
  const SAME = {
    'one-process': { monitor: { kind: 'PodMonitor' }, networkPolicy: { enabled: true } },
    'three-shards': {
      monitor: { kind: 'PodMonitor' },
      networkPolicy: { enabled: true },
      shards: { total: 3 },
    },
  };

  it.each(Object.entries(SAME))('come to the same for %s', async (name, values) => {
    const byHelm = await render(values);
    const byKustomize = await ownOverlay({
      namespace: 'monitoring',
      resources: [`../${name}`],
      components: COMPONENTS.map((component) => `../../components/${component}`),
    });
    const config = only(byKustomize, 'ConfigMap').metadata.name;
    const compared = byKustomize.filter(({ spec }) => spec !== undefined);
    expect(compared.length).toBeGreaterThan(3);
    for (const object of compared) {
      const same = essence(only(byHelm, object.kind), config) as { template?: { spec: PodArgs } };
      const ours = essence(object, config) as typeof same;
      for (const { template } of [same, ours]) template?.spec.containers[0]?.args.sort();
      expect(without(RATE, ours), object.kind).toEqual(same);
    }
    // The chart has the rate in the configuration file, and Kustomize in a flag that beats it.
    const { refresh } = parse(only(byHelm, 'ConfigMap').data?.['exporter.yaml'] ?? '') as {
      refresh?: { requests_per_second: number };
    };
    const flags = exporterOf(byKustomize).container.args?.filter((arg) => arg.startsWith(RATE));
    expect(flags).toEqual(refresh ? [`${RATE}${refresh.requests_per_second}`] : []);
  });
});

const RATE = '--refresh.requests-per-second=';

/** A manifest without a flag. */
function without(flag: string, manifest: unknown): unknown {
  return JSON.parse(JSON.stringify(manifest), (key, value: unknown) =>
    key === 'args' ? (value as string[]).filter((arg) => !arg.startsWith(flag)) : value,
  );
}

interface PodArgs {
  readonly containers: readonly { readonly args: string[] }[];
}
